package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

class IgnoredSignalsTest {

    private static final int HANDLED = 7;

    @Test
    void handlerRunsThoughTheParentIgnoredTheSignal() throws Exception {
        Process child = new ProcessBuilder(
                        "sh",
                        "-c",
                        "trap '' HUP; exec \"$0\" --enable-native-access=ALL-UNNAMED -cp \"$1\" \"$2\"",
                        ProcessHandle.current().info().command().orElseThrow(),
                        System.getProperty("java.class.path"),
                        Handles.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(child.getInputStream()))) {
            assertThat(output.readLine()).isEqualTo("ready");

            Processes.kill((int) child.pid(), IgnoredSignals.SIGHUP);

            assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(child.exitValue()).isEqualTo(HANDLED);
        } finally {
            child.destroyForcibly();
        }
    }

    static final class Handles {
        public static void main(String[] arguments) throws Exception {
            IgnoredSignals.restore(IgnoredSignals.SIGHUP);
            Signal.handle(new Signal("HUP"), signal -> Runtime.getRuntime().halt(HANDLED));
            System.out.println("ready");
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
