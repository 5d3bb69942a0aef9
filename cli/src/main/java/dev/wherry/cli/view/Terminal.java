package dev.wherry.cli.view;

import dev.wherry.cli.error.Failure;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The terminal that this process was started from. Its modes and size are read with {@code stty}, which every host has:
 * a few milliseconds once in a session, and no library to load.
 */
public final class Terminal implements AutoCloseable {
    /**
     * Size of a window.
     *
     * @param columns at least 1
     * @param rows at least 1
     */
    public record Size(int columns, int rows) {}

    private static final File DEVICE = new File("/dev/tty");
    private static final Size USUAL = new Size(80, 24);

    private final String saved;
    private final Thread atExit = new Thread(this::restore, "restore-terminal");
    private boolean restored;

    private Terminal(String saved) {
        this.saved = saved;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The size of the window, or the default size if there is no window. */
    public static Size size() {
        return stty("size").flatMap(Terminal::parse).orElse(USUAL);
    }

    private static Optional<Size> parse(String text) {
        String[] numbers = text.split(" ");
        if (numbers.length != 2 || !text.matches("[0-9]{1,5} [0-9]{1,5}")) {
            return Optional.empty();
        }
        Size size = new Size(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[0]));
        return size.columns() > 0 && size.rows() > 0 ? Optional.of(size) : Optional.empty();
    }

    /**
     * Sets the terminal to raw mode until closed. The saved modes are restored at every exit of the process but
     * {@code SIGKILL}.
     *
     * @throws Failure if the mode cannot be set
     */
    public static Terminal raw() {
        String saved =
                stty("-g").orElseThrow(() -> new Failure("cannot read the modes of the terminal: is stty installed?"));
        Terminal terminal = new Terminal(saved);
        if (stty("raw", "-echo", "-iexten").isEmpty()) {
            terminal.close();
            throw new Failure("cannot set the terminal to raw mode");
        }
        return terminal;
    }

    /**
     * Stops the terminal from showing what is typed until closed, for passwords.
     *
     * @throws Failure if the mode cannot be set
     */
    public static Terminal silent() {
        String saved =
                stty("-g").orElseThrow(() -> new Failure("cannot read the modes of the terminal: is stty installed?"));
        Terminal terminal = new Terminal(saved);
        if (stty("-echo").isEmpty()) {
            terminal.close();
            throw new Failure("cannot hide what is typed: give the password by --password-stdin");
        }
        return terminal;
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is on its way out already.
        }
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            stty(saved);
        }
    }

    private static Optional<String> stty(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(DEVICE)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            boolean done = process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0;
            return done ? Optional.of(output.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
