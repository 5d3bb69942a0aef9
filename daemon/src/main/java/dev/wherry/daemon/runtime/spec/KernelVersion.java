package dev.wherry.daemon.runtime.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel that runs now. */
public final class KernelVersion {

    private static final Pattern VERSION = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6}).*", Pattern.DOTALL);

    private KernelVersion() {}

    /** Whether it is of a version, such as "5.12", or later; false when that is no version. */
    public static boolean isAtLeast(String version) {
        Matcher wanted = VERSION.matcher(version);
        try {
            Matcher running = VERSION.matcher(Files.readString(Path.of("/proc/sys/kernel/osrelease")));
            if (!wanted.matches() || !running.matches()) {
                return false;
            }
            int major = Integer.parseInt(running.group(1)) - Integer.parseInt(wanted.group(1));
            return major > 0 || major == 0 && Integer.parseInt(running.group(2)) >= Integer.parseInt(wanted.group(2));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
