package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process keeps in memory of its own executable. */
public final class Residency {

    private static final int MADV_DONTNEED = 4;
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final Path EXECUTABLE = Path.of("/proc/self/exe");

    /** The first line of a mapping that cannot be written; see proc_pid_maps(5). */
    private static final Pattern READ_ONLY =
            Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16}) r-[-x]p [0-9a-f]+ [0-9a-f:]+ \\d+ +(/.*)");

    /** What follows of a mapping: how much of it is no longer what the file holds. */
    private static final Pattern CHANGED = Pattern.compile("Anonymous: +(\\d+) kB");

    private Residency() {}

    /**
     * Lets go of the pages of the executable: a start touches far more of them than what comes after it. Those that are
     * used come back one by one, from the page cache of the kernel. A mapping of which anything was changed, as the
     * linker does before it takes the right to write away, stays as it is.
     */
    public static void release() throws IOException {
        String executable = Files.readSymbolicLink(EXECUTABLE).toString();
        Matcher mapping = null;
        for (String line : Files.readAllLines(MAPPINGS, StandardCharsets.ISO_8859_1)) {
            Matcher first = READ_ONLY.matcher(line);
            Matcher changed = CHANGED.matcher(line);
            if (first.matches()) {
                mapping = first.group(3).equals(executable) ? first : null;
            } else if (changed.matches()) {
                if (mapping != null && changed.group(1).equals("0")) {
                    release(Long.parseUnsignedLong(mapping.group(1), 16), Long.parseUnsignedLong(mapping.group(2), 16));
                }
                mapping = null;
            }
        }
    }

    private static void release(long start, long end) {
        try {
            LibC.C.madvise(new NativeLong(start), new NativeLong(end - start), MADV_DONTNEED);
        } catch (LastErrorException refused) {
            // Locked memory, perhaps: then it stays.
        }
    }
}
