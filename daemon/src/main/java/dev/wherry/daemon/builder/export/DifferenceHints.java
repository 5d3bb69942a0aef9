package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.snapshot.layer.LayerDifference;
import dev.wherry.daemon.snapshot.layer.LayerDifference.Kind;
import java.util.List;
import java.util.regex.Pattern;

/** What most likely makes a file the same in every build, by its name and what of it differs. */
final class DifferenceHints {

    private static final String DATE = "ARG SOURCE_DATE_EPOCH before the step";

    private record Hint(Pattern path, String text) {}

    private static final List<Hint> HINTS = List.of(
            hint(
                    ".*\\.py[co]",
                    "compiled Python holds the time of its source: declare " + DATE
                            + ", or set PYTHONDONTWRITEBYTECODE=1"),
            hint(".*\\.(gz|tgz)", "gzip notes the time: use gzip -n, or tar --mtime=@$SOURCE_DATE_EPOCH with it"),
            hint(
                    ".*\\.(jar|war|zip|whl|egg|apk)",
                    "the archive notes times of what is in it: declare " + DATE
                            + ", which most tools that make archives go by"),
            hint(".*\\.tar", "use tar --sort=name --mtime=@$SOURCE_DATE_EPOCH --owner=0 --group=0 --numeric-owner"),
            hint(".*\\.a", "static libraries note times: use ar with D, or binutils that do so by default"),
            hint(
                    "/(var/)?(log|cache)/.*|.*/_cacache/.*|.*/\\.cache/.*",
                    "a log or a cache: remove it in the same step"),
            hint("/var/lib/(dpkg|apt|rpm|dnf)/.*", "the package manager's notes: remove them in the same step"),
            hint(
                    "/(var/lib/dbus|etc)/machine-id|/etc/ssh/ssh_host_.*",
                    "made at random: remove it, and make it at start"),
            hint("/etc/(shadow|passwd|group)-?", "holds the day of a change: set it, as by chage -d 0 USER"),
            hint("/tmp/.*", "a temporary file: remove it in the same step"));

    private DifferenceHints() {}

    private static Hint hint(String path, String text) {
        return new Hint(Pattern.compile(path), text);
    }

    static String of(LayerDifference file) {
        for (Hint hint : HINTS) {
            if (hint.path().matcher(file.path()).matches()) {
                return hint.text();
            }
        }
        if (file.kind() == Kind.TIME) {
            return "the step sets this time itself: let it take it from SOURCE_DATE_EPOCH";
        }
        if (file.kind() == Kind.PRESENCE) {
            return "a name made of the time or at random: fix it, or remove the file in the same step";
        }
        return "a time, a random number or an order that varies: declare " + DATE
                + " if the program goes by it, or look at the two files";
    }
}
