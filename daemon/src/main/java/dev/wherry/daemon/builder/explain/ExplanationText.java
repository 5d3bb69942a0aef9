package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.cache.Input;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts explanations into words. */
final class ExplanationText {

    private static final int NAMED_FILES = 3;
    private static final int INSTRUCTION = 60;
    private static final String[] UNITS = {"KB", "MB", "GB", "TB"};

    private ExplanationText() {}

    /** One line a cause. */
    static List<String> lines(Explanation explanation) {
        List<String> lines = new ArrayList<>();
        explanation.causes().forEach(cause -> lines.add(line(cause, explanation.instruction())));
        return lines;
    }

    /** @param instruction the one that missed, on one line */
    static String line(Cause cause, String instruction) {
        String subject = ChangeExcerpt.shortened(ChangeExcerpt.oneLine(instruction), INSTRUCTION);
        return switch (cause) {
            case Cause.CacheRefused refused -> "the build was asked to use no cache";
            case Cause.NoEarlierBuild none -> "no earlier build";
            case Cause.NewInstruction added -> subject + ": the instruction is new";
            case Cause.Moved moved -> subject + ": the instruction has moved: it was step " + moved.from();
            case Cause.Changed changed -> changed(changed, keyword(instruction));
            case Cause.Reordered reordered ->
                keyword(instruction) + ": the order of " + reordered.kind().label() + " settings changed";
            case Cause.InputsUnknown unknown -> subject + ": what the step depended on before is not known any more";
            case Cause.FilesChanged files -> subject + ": " + files(files);
            case Cause.ContentChanged content -> subject + ": files changed (which is not known any more)";
            case Cause.ParentMissed parent ->
                "parent: step " + parent.step() + " missed"
                        + because(parent.step(), parent.root(), parent.rootInstruction());
            case Cause.SourceMissed source ->
                "copied from: step " + source.step() + " missed"
                        + because(source.step(), source.root(), source.rootInstruction());
            case Cause.OtherBefore(int step, String then, List<Cause> causes)
            when causes.getFirst() instanceof Cause.Changed changed && changed.kind() == Input.Kind.BASE_IMAGE ->
                line(changed, then);
            case Cause.OtherBefore other ->
                "before it, step " + other.step() + " is another: "
                        + line(other.causes().getFirst(), other.instruction());
            case Cause.Pruned pruned -> "record pruned " + ago(Duration.between(pruned.at(), pruned.now()));
            case Cause.OtherRun run -> "the record is on another run of the step before";
            case Cause.InCache(String cache, Cause why) -> "in the cache " + cache + ": " + line(why, instruction);
            case Cause.NotFinished failed ->
                "the last build did not finish this step"
                        + (failed.error().isEmpty()
                                ? ""
                                : ": " + ChangeExcerpt.shortened(ChangeExcerpt.oneLine(failed.error()), 120));
            case Cause.Unknown unknown -> subject + ": nothing that is known of it changed";
        };
    }

    private static String because(int step, int root, String instruction) {
        return step == root
                ? ""
                : ", since step " + root + " did ("
                        + ChangeExcerpt.shortened(ChangeExcerpt.oneLine(instruction), INSTRUCTION) + ")";
    }

    private static String keyword(String instruction) {
        int space = instruction.indexOf(' ');
        return (space < 0 ? instruction : instruction.substring(0, space)).toUpperCase(Locale.ROOT);
    }

    private static String changed(Cause.Changed changed, String keyword) {
        String label = changed.kind().label();
        String name = changed.name().isEmpty() ? "" : " " + changed.name();
        return switch (changed.kind()) {
            case BASE_IMAGE -> baseImage(value(changed.before()), value(changed.after()));
            case CONTENT, FILES -> keyword + ": the content of" + name + " changed";
            case INSTRUCTION, COMMAND, SOURCES, HEREDOC, DESTINATION, OWNER, MODE, NETWORK, MOUNT, OPTION, COMMIT ->
                keyword + ": " + label + name + change(changed, true);
            case USER, WORKDIR -> label + name + change(changed, true);
            case BUILD_ARG, ENV -> label + name + change(changed, false);
        };
    }

    private static String change(Cause.Changed changed, boolean verb) {
        boolean quoted = changed.kind() == Input.Kind.COMMAND || changed.kind() == Input.Kind.HEREDOC;
        if (changed.before().isPresent() && changed.after().isPresent()) {
            if (changed.after().get().hidden()
                    || changed.before()
                            .get()
                            .value()
                            .equals(changed.after().get().value())) {
                return (verb ? " " : ": ") + "changed (the value is not shown)";
            }
            ChangeExcerpt texts = ChangeExcerpt.of(
                    changed.before().get().value(), changed.after().get().value());
            return (verb ? " changed: " : ": ") + shown(texts.before(), quoted) + " → " + shown(texts.after(), quoted);
        }
        RecordedInput one = changed.after().or(changed::before).orElseThrow();
        String value = one.hidden() ? "" : ChangeExcerpt.shortened(ChangeExcerpt.oneLine(one.value()), INSTRUCTION);
        String added = changed.after().isPresent() ? "added" : "removed";
        return (verb ? " " : ": ") + added + (value.isEmpty() ? "" : verb ? ": " + value : " (" + value + ")");
    }

    private static String shown(String value, boolean quoted) {
        return quoted || value.isEmpty() ? "\"" + value + "\"" : value;
    }

    private static String value(Optional<RecordedInput> input) {
        return input.map(RecordedInput::value).orElse("none");
    }

    /** The value is {@code name@digest}. */
    private static String baseImage(String before, String after) {
        int at = before.lastIndexOf('@');
        int then = after.lastIndexOf('@');
        String was = at < 0 ? before : before.substring(0, at);
        String is = then < 0 ? after : after.substring(0, then);
        if (at < 0 || then < 0 || !was.equals(is)) {
            return "base image: " + was + " → " + is;
        }
        return "base image " + is + ": " + digest(before.substring(at + 1)) + " → " + digest(after.substring(then + 1));
    }

    private static String digest(String digest) {
        return ChangeExcerpt.shortened(digest, "sha256:".length() + 13);
    }

    private static String files(Cause.FilesChanged files) {
        List<String> named = new ArrayList<>();
        for (FileChange change :
                files.first().subList(0, Math.min(NAMED_FILES, files.first().size()))) {
            named.add(ChangeExcerpt.oneLine(change.path()) + " (" + detail(change) + ")");
        }
        int more = files.changed() - named.size();
        return files.changed() + " of " + files.total() + (files.total() == 1 ? " file" : " files") + " changed: "
                + String.join(", ", named) + (more > 0 ? " and " + more + " more" : "");
    }

    static String detail(FileChange change) {
        FileEntry before = change.before().orElse(null);
        FileEntry after = change.after().orElse(null);
        return switch (change.how()) {
            case ADDED -> "added";
            case REMOVED -> "removed";
            case RENAMED -> "was " + ChangeExcerpt.oneLine(before.path());
            case MODE -> "mode; %o → %o".formatted(before.permissions(), after.permissions());
            case OWNER -> "owner; " + before.owner() + " → " + after.owner();
            case LINK ->
                "link; " + ChangeExcerpt.oneLine(before.content()) + " → " + ChangeExcerpt.oneLine(after.content());
            case TYPE -> type(before) + " → " + type(after);
            case CONTENT ->
                "content" + sizes(before.size(), after.size())
                        + (before.mode() == after.mode()
                                ? ""
                                : "; mode %o → %o".formatted(before.permissions(), after.permissions()));
        };
    }

    private static String sizes(long before, long after) {
        if (before == after) {
            return "";
        }
        String was = size(before);
        String is = size(after);
        if (!was.equals(is)) {
            return "; " + was + " → " + is;
        }
        return "; " + Math.abs(after - before) + (after > before ? " B more" : " B less");
    }

    private static String type(FileEntry entry) {
        return switch (entry.type()) {
            case dev.wherry.daemon.linux.FileStatus.DIRECTORY -> "directory";
            case dev.wherry.daemon.linux.FileStatus.SYMLINK -> "symbolic link";
            case dev.wherry.daemon.linux.FileStatus.REGULAR -> "file";
            default -> "special file";
        };
    }

    /** Decimal units with two significant digits at least: {@code 2.1 KB}. */
    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 99.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    private static String ago(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + " s ago";
        } else if (seconds < 3600) {
            return seconds / 60 + " min ago";
        } else if (seconds < 48 * 3600) {
            return seconds / 3600 + " h ago";
        }
        return seconds / 86400 + " days ago";
    }
}
