package dev.wherry.daemon.runtime;

import dev.wherry.daemon.linux.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Processes that run or supervise containers, found by their command lines, whichever daemon started them. */
public final class Supervisors {

    private Supervisors() {}

    /** Kills every process whose command line has these arguments in a row. */
    public static void killAll(List<String> arguments) throws IOException {
        for (int pid : find(arguments).keySet()) {
            Processes.kill(pid, Processes.SIGKILL);
        }
    }

    /** Every process whose command line has these arguments in a row, by its process ID. */
    public static Map<Integer, List<String>> find(List<String> arguments) throws IOException {
        Map<Integer, List<String>> found = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                List<String> command = commandLine(process);
                if (Collections.indexOfSubList(command, arguments) >= 0) {
                    found.put(Integer.parseInt(process.getFileName().toString()), command);
                }
            }
        }
        return found;
    }

    /** Whether a process lives and its command line has these arguments in a row. */
    public static boolean isAlive(int pid, List<String> arguments) {
        return pid > 0 && Collections.indexOfSubList(commandLine(Path.of("/proc/" + pid)), arguments) >= 0;
    }

    private static List<String> commandLine(Path process) {
        try {
            byte[] line = Files.readAllBytes(process.resolve("cmdline"));
            return Arrays.asList(new String(line, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }
}
