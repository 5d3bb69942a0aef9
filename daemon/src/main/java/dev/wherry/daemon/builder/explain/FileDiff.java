package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.linux.FileStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds which files differ between two lists. */
final class FileDiff {

    /** More changes are only counted. */
    private static final int MOST_NAMED = 100;

    private FileDiff() {}

    /** The difference; empty when the lists hold the same. */
    static Optional<Cause.FilesChanged> of(List<FileEntry> before, List<FileEntry> after) {
        Map<String, FileEntry> old = new LinkedHashMap<>(before.size() * 2);
        before.forEach(entry -> old.put(entry.path(), entry));
        List<FileChange> changes = new ArrayList<>();
        List<FileEntry> added = new ArrayList<>();
        int files = 0;
        for (FileEntry entry : after) {
            files += entry.isDirectory() ? 0 : 1;
            FileEntry was = old.remove(entry.path());
            if (was == null) {
                added.add(entry);
            } else {
                how(was, entry)
                        .ifPresent(how -> changes.add(new FileChange(how, Optional.of(was), Optional.of(entry))));
            }
        }
        List<FileEntry> removed = new ArrayList<>(old.values());
        changes.addAll(renamed(added, removed));
        int gone = (int) removed.stream().filter(entry -> !entry.isDirectory()).count();
        withoutParents(added)
                .forEach(entry ->
                        changes.add(new FileChange(FileChange.How.ADDED, Optional.empty(), Optional.of(entry))));
        withoutParents(removed)
                .forEach(entry ->
                        changes.add(new FileChange(FileChange.How.REMOVED, Optional.of(entry), Optional.empty())));
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        changes.sort(Comparator.comparing(FileChange::how));
        int total = Math.max(files + gone, changes.size());
        return Optional.of(new Cause.FilesChanged(
                changes.size(), total, changes.subList(0, Math.min(changes.size(), MOST_NAMED))));
    }

    private static Optional<FileChange.How> how(FileEntry before, FileEntry after) {
        if (before.type() != after.type()) {
            return Optional.of(FileChange.How.TYPE);
        }
        if (!before.content().equals(after.content()) || before.size() != after.size()) {
            return Optional.of(after.type() == FileStatus.SYMLINK ? FileChange.How.LINK : FileChange.How.CONTENT);
        }
        if (before.mode() != after.mode()) {
            return Optional.of(FileChange.How.MODE);
        }
        return before.owner().equals(after.owner()) ? Optional.empty() : Optional.of(FileChange.How.OWNER);
    }

    /** Takes those out of both lists that are the same file under another name. */
    private static List<FileChange> renamed(List<FileEntry> added, List<FileEntry> removed) {
        if (added.isEmpty() || removed.isEmpty()) {
            return List.of();
        }
        Map<String, FileEntry> gone = new HashMap<>();
        removed.stream().filter(FileDiff::isTelling).forEach(entry -> gone.putIfAbsent(entry.content(), entry));
        List<FileChange> renamed = new ArrayList<>();
        Set<FileEntry> moved = new HashSet<>();
        for (Iterator<FileEntry> next = added.iterator(); next.hasNext(); ) {
            FileEntry entry = next.next();
            FileEntry was = isTelling(entry) ? gone.remove(entry.content()) : null;
            if (was != null) {
                next.remove();
                moved.add(was);
                renamed.add(new FileChange(FileChange.How.RENAMED, Optional.of(was), Optional.of(entry)));
            }
        }
        removed.removeAll(moved);
        return renamed;
    }

    /** Empty files are all alike. */
    private static boolean isTelling(FileEntry entry) {
        return entry.type() == FileStatus.REGULAR && entry.size() > 0;
    }

    /** A directory goes without saying where something in it is named. */
    private static List<FileEntry> withoutParents(List<FileEntry> entries) {
        Set<String> parents = new HashSet<>();
        for (FileEntry entry : entries) {
            String path = entry.path();
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                if (!parents.add(path.substring(0, slash))) {
                    break;
                }
            }
        }
        return entries.stream()
                .filter(entry -> !entry.isDirectory() || !parents.contains(entry.path()))
                .toList();
    }
}
