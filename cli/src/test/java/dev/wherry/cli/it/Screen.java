package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A terminal with a shell in it, in which a test types and reads what a person would see. */
final class Screen implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String server;

    /** Opens one; the client in it talks to this daemon and is called {@code wherry}. */
    Screen(Daemon daemon, Path folder, int columns, int rows) throws IOException, InterruptedException {
        this.server = daemon.home()
                .resolve("tmux-" + Long.toHexString(System.nanoTime()))
                .toString();
        Path programs = Path.of(System.getProperty("wherry.cli")).getParent();
        String shell = "cd '%s'; PATH='%s':$PATH WHERRY_HOST='unix://%s' PS1='$ ' exec sh"
                .formatted(folder, programs, daemon.socket());
        tmux("-f", "/dev/null", "new-session", "-d", "-x", "" + columns, "-y", "" + rows, shell);
    }

    /** Types a line and the enter key. */
    void type(String line) throws IOException, InterruptedException {
        write(line);
        press("Enter");
    }

    /** Types without the enter key. */
    void write(String text) throws IOException, InterruptedException {
        tmux("send-keys", "-l", text);
    }

    /** Presses a key by its name, such as {@code C-c}. */
    void press(String key) throws IOException, InterruptedException {
        tmux("send-keys", key);
    }

    void resize(int columns, int rows) throws IOException, InterruptedException {
        tmux("resize-window", "-x", "" + columns, "-y", "" + rows);
    }

    /** Waits until the screen, its lines joined, is as wanted; fails the test with the screen when it does not become so. */
    String await(Predicate<String> wanted) {
        try {
            Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> wanted.test(text()));
            return text();
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("the screen shows:\n" + text(), late);
        }
    }

    /** Waits for a line. */
    String awaitLine(String line) {
        return await(text -> text.lines().anyMatch(line::equals));
    }

    /** What the screen shows, and what has scrolled out of it. */
    String text() {
        try {
            return tmux("capture-pane", "-p", "-S", "-");
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError("cannot read the screen", failure);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        tmux("kill-server");
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal", "tmux", "-S", server));
        command.addAll(List.of(arguments));
        ProcessBuilder tmux = new ProcessBuilder(command).redirectErrorStream(true);
        tmux.environment().put("LC_ALL", "C.UTF-8");
        Process process = tmux.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        return output;
    }
}
