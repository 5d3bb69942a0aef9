package dev.wherry.daemon.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The time since the kernel was started: what is only in memory belongs to one boot. */
public final class Boot {

    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    /** A name for the present boot that no other boot of any machine has. */
    public static String id() {
        try {
            return Files.readString(ID).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
