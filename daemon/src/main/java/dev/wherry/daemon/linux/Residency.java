package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process keeps in memory of its own executable. */
public final class Residency {

    private static final int MADV_DONTNEED = 4;
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path EXECUTABLE = Path.of("/proc/self/exe");

    /** A mapping that cannot be written, and so holds nothing that the file does not. See proc_pid_maps(5). */
    private static final Pattern READ_ONLY =
            Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16}) r-[-x]p [0-9a-f]+ [0-9a-f:]+ \\d+ +(/.*)");

    private Residency() {}

    /**
     * Lets go of the pages of the executable: a start touches far more of them than what comes after it. Those that are
     * used come back one by one, from the page cache of the kernel.
     */
    public static void release() throws IOException {
        String executable = Files.readSymbolicLink(EXECUTABLE).toString();
        for (String line : mappings()) {
            Matcher mapping = READ_ONLY.matcher(line);
            if (mapping.matches() && mapping.group(3).equals(executable)) {
                long start = Long.parseUnsignedLong(mapping.group(1), 16);
                long end = Long.parseUnsignedLong(mapping.group(2), 16);
                advise(start, end - start);
            }
        }
    }

    private static List<String> mappings() throws IOException {
        return Files.readAllLines(MAPS, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void advise(long start, long length) {
        try {
            LibC.C.madvise(new NativeLong(start), new NativeLong(length), MADV_DONTNEED);
        } catch (LastErrorException refused) {
            // Locked memory, perhaps: then it stays.
        }
    }
}
