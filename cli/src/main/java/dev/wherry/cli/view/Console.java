package dev.wherry.cli.view;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The three standard streams, and whether each is a terminal. Results go to {@link #out()}, everything else to
 * {@link #err()}.
 *
 * @param environment the variables the process was started with
 */
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Map<String, String> environment) {

    /** The streams of this process. */
    public static Console ofProcess() {
        return new Console(
                new FileInputStream(FileDescriptor.in),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2),
                System.getenv());
    }

    /** Whether what is printed to {@link #out()} may have colours. */
    public boolean outHasColours() {
        return outIsTerminal && colours();
    }

    /** Whether what is printed to {@link #err()} may have colours. */
    public boolean errHasColours() {
        return errIsTerminal && colours();
    }

    /** Prints one line that tells of an error. */
    public void error(String sentence) {
        err.println("wherry: " + TerminalText.escaped(sentence.strip().replace('\n', ' ')));
    }

    /** Prints one line that warns of something. */
    public void warning(String sentence) {
        err.println("WARNING: " + TerminalText.escaped(sentence.strip().replace('\n', ' ')));
    }

    private boolean colours() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        // One write a line: System.out flushes more often than that.
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), 8192), true, StandardCharsets.UTF_8);
    }

    /** The name of the open file tells, and costs neither a library nor a process, as isatty(3) would. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
