package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports of containers that are reached through the daemon, by its socket and by TCP. */
@Timeout(180)
class PortForwardIT {

    /** What a program gets and sends; more than all the buffers on the way hold. */
    private static final int LARGE = 24 << 20;

    private static final int LIMIT_MILLIS = 60_000;

    private static final int WEB = 80;
    private static final int SUM = 7;
    private static final int ENDLESS = 8;
    private static final int DEAF = 9;

    @RegisterExtension
    static final Daemon daemon = Authority.daemon();

    private static List<String> tcp;

    @BeforeAll
    static void start() throws Exception {
        Busybox.importInto(daemon);
        tcp = Authority.flags(daemon, Authority.issue(daemon, "operates", "operator"));
        daemon.wherry("run", "-d", "--name", "box", "--network", "none", "busybox", "sh", "-c", """
                        mkdir /www && echo page >/www/index.html
                        nc -ll -p 7 -e md5sum &
                        nc -ll -p 8 -e yes &
                        nc -ll -p 9 -e sleep 1000 &
                        exec httpd -f -p 127.0.0.1:80 -h /www
                        """)
                .ok();
        try (Forwarding web = new Forwarding("unix", "box", ":80", ":7", ":8", ":9")) {
            patiently()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(web.page()).contains("page"));
            for (int port : new int[] {SUM, ENDLESS, DEAF}) {
                patiently().ignoreExceptions().until(() -> {
                    try (Socket socket = web.connect(port)) {
                        socket.shutdownOutput();
                        return port == DEAF || socket.getInputStream().read() >= 0;
                    }
                });
            }
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60));
    }

    /** A client that forwards. */
    private static final class Forwarding implements AutoCloseable {

        private final Process process;
        private final Running client;

        /** @param by {@code unix} or {@code tcp} */
        Forwarding(String by, String... arguments) {
            List<String> all = new ArrayList<>(by.equals("tcp") ? tcp : List.of());
            all.add("port-forward");
            all.addAll(List.of(arguments));
            process = daemon.spawn(daemon.home(), all.toArray(String[]::new));
            client = new Running(all, process);
        }

        /** Connects to the port of this side that is forwarded to one of the container. */
        Socket connect(int remote) throws IOException {
            client.awaitStdout("-> " + remote + "\n");
            Matcher line = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:([0-9]+) -> " + remote + "\n")
                    .matcher(client.stdout());
            assertThat(line.find()).as(client.stdout()).isTrue();
            Socket socket = new Socket("127.0.0.1", Integer.parseInt(line.group(1)));
            socket.setSoTimeout(LIMIT_MILLIS);
            return socket;
        }

        String page() throws IOException {
            try (Socket socket = connect(WEB)) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return text(socket);
            }
        }

        /** The program answers when the client has sent all it has. */
        String sum(byte[] content) throws IOException {
            try (Socket socket = connect(SUM)) {
                socket.getOutputStream().write(content);
                socket.shutdownOutput();
                return text(socket).substring(0, 32);
            }
        }

        private static String text(Socket socket) throws IOException {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    private static String md5(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    }

    private static byte[] large(int seed) {
        byte[] content = new byte[LARGE];
        new java.util.Random(seed).nextBytes(content);
        return content;
    }

    private static long running(String program) {
        return daemon.wherry("top", "box")
                .ok()
                .stdout()
                .lines()
                .filter(line -> line.matches(".* " + program))
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void containerWithoutANetworkIsReached(String by) throws Exception {
        try (Forwarding web = new Forwarding(by, "box", ":80")) {
            assertThat(web.page()).contains(" 200 OK").endsWith("page\n");
            assertThat(web.page()).endsWith("page\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void connectionsDoNotWaitForEachOther(String by) throws Exception {
        try (Forwarding forwarding = new Forwarding(by, "box", ":80", ":7", ":8", ":9");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                Socket unread = forwarding.connect(ENDLESS);
                Socket unheard = forwarding.connect(DEAF)) {
            assertThat(unread.getInputStream().read()).isEqualTo('y');
            Future<?> stuck = clients.submit(() -> endlesslyWrite(unheard.getOutputStream()));
            List<Callable<Void>> talks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                byte[] content = large(i);
                talks.add(() -> {
                    assertThat(forwarding.sum(content)).isEqualTo(md5(content));
                    return null;
                });
            }
            for (Future<Void> talk : clients.invokeAll(talks)) {
                talk.get();
            }
            assertThat(forwarding.page()).endsWith("page\n");
            assertThat(stuck.isDone()).isFalse();
            unheard.close();
        }
    }

    /** Until the connection is closed. */
    private static Void endlesslyWrite(OutputStream out) {
        byte[] chunk = new byte[64 << 10];
        try {
            while (true) {
                out.write(chunk);
            }
        } catch (IOException closed) {
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void programLearnsThatItsClientHasGone(String by) throws Exception {
        long before = running("yes");
        try (Forwarding forwarding = new Forwarding(by, "box", ":8")) {
            try (Socket socket = forwarding.connect(ENDLESS)) {
                assertThat(socket.getInputStream().read()).isEqualTo('y');
                assertThat(running("yes")).isEqualTo(before + 1);
            }
            patiently().until(() -> running("yes") == before);

            assertThat(forwarding.connect(ENDLESS).getInputStream().read()).isEqualTo('y');
            assertThat(running("yes")).isEqualTo(before + 1);
        }
        patiently().until(() -> running("yes") == before);
    }

    @Test
    void refusalEndsItsConnectionOnly() throws Exception {
        try (Forwarding forwarding = new Forwarding("unix", "box", ":80", ":81")) {
            try (Socket refused = forwarding.connect(81)) {
                assertThatThrownBy(() -> refused.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            forwarding.client.awaitStderr("wherry: nothing listens on port 81 of container box\n");

            assertThat(forwarding.page()).endsWith("page\n");
        }
    }

    @Test
    void networksOfTheContainerDoNotMatter() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        for (String network : List.of("bridge", "host", "container:box")) {
            String name = "on-" + network.replace(':', '-');
            daemon.wherry("run", "-d", "--name", name, "--network", network, "busybox", "sh", "-c", """
                            echo %s >/index.html; exec httpd -f -p 127.0.0.1:%d -h /
                            """.formatted(
                                    name, free))
                    .ok();
            try (Forwarding forwarding = new Forwarding("unix", name, ":" + free)) {
                patiently().ignoreExceptions().untilAsserted(() -> {
                    try (Socket socket = forwarding.connect(free)) {
                        socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        assertThat(Forwarding.text(socket)).endsWith(name + "\n");
                    }
                });
            }
            daemon.wherry("rm", "-f", name).ok();
        }
    }

    @Test
    void containerMustRun() {
        daemon.wherry("create", "--name", "idle", "busybox", "true").ok();

        assertThat(daemon.wherry("port-forward", "idle", "80").refuses(1))
                .isEqualTo("wherry: container idle is not running");
        assertThat(daemon.wherry("port-forward", "nosuch", "80").refuses(1))
                .isEqualTo("wherry: no such container: nosuch");
    }
}
