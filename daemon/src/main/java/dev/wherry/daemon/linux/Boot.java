package dev.wherry.daemon.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The time since the kernel was started: what is only in memory belongs to one boot. */
public final class Boot {

    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final int CLOCK_MONOTONIC = 1;

    private Boot() {}

    /** The kernel's monotonic clock, in microseconds: what other processes of this host read at the same moment. */
    public static long monotonicMicros() {
        long[] time = new long[2];
        LibC.C.clock_gettime(CLOCK_MONOTONIC, time);
        return TimeUnit.SECONDS.toMicros(time[0]) + TimeUnit.NANOSECONDS.toMicros(time[1]);
    }

    /** A name for the present boot that no other boot of any machine has. */
    public static String id() {
        try {
            return Files.readString(ID).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
