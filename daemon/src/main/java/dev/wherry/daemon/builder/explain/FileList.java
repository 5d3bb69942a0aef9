package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/**
 * The files that one copy reads. It is made of what the copy has looked at anyway, and only when it is asked for.
 *
 * @param content digest of all of it, which is its name
 */
public record FileList(Digest content, List<FileEntry> entries) {

    /** Digits of a file's digest that are kept: no two files of one name are taken for the same by chance. */
    private static final int DIGEST_BYTES = 8;

    public FileList {
        entries = List.copyOf(entries);
    }

    /** A list that is made when it is needed. */
    public interface Source {

        /** Its name. */
        Digest content();

        FileList list();
    }

    /**
     * The list of a selection.
     *
     * @param root what paths are seen from
     * @param digests of its regular files, in order
     * @param owners whether the owners of files count
     */
    public static FileList of(Digest content, Path root, Selection selection, List<byte[]> digests, boolean owners) {
        List<FileEntry> entries = new ArrayList<>(selection.size());
        int prefix = root.toString().length() + (root.getNameCount() == 0 ? 0 : 1);
        Iterator<byte[]> next = digests.iterator();
        for (Selection.Source source : selection.sources()) {
            if (!source.isDirectory()) {
                entries.add(entry(source.top(), prefix, next, owners));
            }
            for (SourceFile file : source.contents()) {
                entries.add(entry(file, prefix, next, owners));
            }
        }
        return new FileList(content, entries);
    }

    private static FileEntry entry(SourceFile file, int prefix, Iterator<byte[]> digests, boolean owners) {
        String whole = file.path().toString();
        String path = whole.length() > prefix ? whole.substring(prefix) : "";
        FileStatus status = file.status();
        String owner = owners ? status.uid() + ":" + status.gid() : "";
        if (status.isRegular()) {
            String digest = HexFormat.of().formatHex(digests.next(), 0, DIGEST_BYTES);
            return new FileEntry(path, status.mode(), status.size(), owner, digest);
        }
        return new FileEntry(path, status.mode(), 0, owner, status.isSymlink() ? target(file.path()) : "");
    }

    private static String target(Path link) {
        try {
            return new String(Inodes.readlink(link), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
