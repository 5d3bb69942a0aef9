package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The README shows what its commands print. All lines that begin with {@code $} in its {@code console} blocks are run in one
 * shell, in order; what they print must be what stands below them, but for times, sizes and IDs. With
 * {@code -Dwherry.readme=write}, as {@code .ci/readme} sets it, the outputs are written into the README instead.
 */
class ReadmeIT {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path README = PROJECT.resolve("README.md");

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @Test
    void outputsAreThoseOfTheCommands() throws Exception {
        List<String> written = Files.readAllLines(README);
        List<String> ran = new ArrayList<>();
        try (Shell shell = new Shell()) {
            boolean console = false;
            for (String line : written) {
                if (line.startsWith("```")) {
                    console = line.equals("```console");
                }
                if (!console || line.startsWith("```")) {
                    ran.add(line);
                } else if (line.startsWith("$ ")) {
                    ran.add(line);
                    ran.addAll(shell.run(line.substring(2)));
                }
            }
        }
        if ("write".equals(System.getProperty("wherry.readme"))) {
            Files.write(README, ran);
            return;
        }
        assertThat(answers(ran))
                .as("outputs of the README; .ci/readme writes them anew")
                .containsExactlyEntriesOf(answers(written));
    }

    /**
     * What each command prints, by the command and its line. The lines of one answer are a set: steps that run at the same
     * time print in any order, and a step is named again each time its output goes on.
     */
    private static SortedMap<String, Set<String>> answers(List<String> lines) {
        SortedMap<String, Set<String>> answers = new TreeMap<>();
        Set<String> answer = new TreeSet<>();
        boolean console = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                console = line.equals("```console");
                answer = new TreeSet<>();
            } else if (console && line.startsWith("$ ")) {
                answer = new TreeSet<>();
                answers.put("%03d %s".formatted(answers.size(), line), answer);
            } else if (console
                    && !line.matches("\\s*|#\\d+ \\.\\.\\.|slowest:| +\\d+\\.\\ds  \\[.*|#\\d+ \\d+\\.\\d+")) {
                answer.add(lasting(line));
            }
        }
        return answers;
    }

    /** A line without what differs from run to run. */
    private static String lasting(String line) {
        return line.replaceAll("\\b[0-9a-f]{64}\\b", "ID")
                .replaceAll("\\b[0-9a-f]{12}\\b", "SHORT-ID")
                .replaceAll("^(#\\d+) \\d+\\.\\d+ ", "$1 TIME ")
                .replaceAll("\\b\\d+(\\.\\d+)? ?m?s\\b", "TIME")
                .replaceAll("(\\d+ (second|minute)s?|Less than a second|About a minute)", "AGE")
                .replaceAll("\\d+(\\.\\d+)?(%|[KMG]i?B|[kMG]?B\\b)", "AMOUNT")
                .replaceAll("; the cache saved TIME$", "")
                .replaceAll("byte \\d+ of \\d+: .*", "byte N of N: …")
                .replaceAll("(?<=AMOUNT {1,9})\\d+ *$", "COUNT")
                .replaceAll("  +", "  ");
    }

    /** A shell in a folder that holds what the README names, with the programs on its path. */
    private static final class Shell implements AutoCloseable {

        private static final String END = "--- end of the command ---";

        private final Process process;
        private final Writer input;
        private final BufferedReader output;
        private final String port;

        Shell() throws IOException {
            Path folder = Files.createDirectory(daemon.home().resolve("readme"));
            for (String name : List.of("cli", ".ci")) {
                Files.createSymbolicLink(folder.resolve(name), PROJECT.resolve(name));
            }
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = Integer.toString(free.getLocalPort());
            }
            ProcessBuilder bash = new ProcessBuilder("bash", "--norc").directory(folder.toFile());
            bash.environment().put("WHERRY_HOST", "unix://" + daemon.socket());
            Path programs = Path.of(System.getProperty("wherry.cli")).getParent();
            bash.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
            process = bash.redirectErrorStream(true).start();
            input = process.outputWriter();
            output = process.inputReader();
        }

        List<String> run(String command) throws IOException {
            input.write("{ " + command.replace("8080", port) + "\n} </dev/null\necho '" + END + "'\n");
            input.flush();
            List<String> lines = new ArrayList<>();
            for (String line = output.readLine(); !END.equals(line); line = output.readLine()) {
                assertThat(line).as("the shell goes on after " + command).isNotNull();
                lines.add(line.replace(port, "8080").stripTrailing());
            }
            return lines;
        }

        @Override
        public void close() throws IOException {
            input.close();
            process.destroy();
        }
    }
}
