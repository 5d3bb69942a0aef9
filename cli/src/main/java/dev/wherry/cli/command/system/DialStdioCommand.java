package dev.wherry.cli.command.system;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code wherry system dial-stdio}, which clients start by {@code ssh} and no list shows: connects standard input and
 * output with the socket of the daemon. It ends when either side does.
 */
public final class DialStdioCommand implements Callable<ExitStatus> {
    public static final List<String> WORDS = List.of("system", "dial-stdio");

    private static final int CHUNK = 64 << 10;

    private final Session session;

    public DialStdioCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!(session.address() instanceof HostAddress.Unix address)) {
            throw new Failure("dial-stdio needs a daemon of this host, and not " + session.address());
        }
        try (SocketChannel daemon = SocketChannel.open(UnixDomainSocketAddress.of(address.socket()))) {
            Console console = session.console();
            Thread.ofPlatform().daemon().name("input").start(() -> copyInput(console, daemon));
            copyOutput(daemon, console.out());
            return ExitStatus.SUCCESS;
        } catch (IOException e) {
            throw CallFailures.ofConnection(e, address);
        }
    }

    private static void copyInput(Console console, SocketChannel daemon) {
        byte[] chunk = new byte[CHUNK];
        try (daemon) {
            for (int n = console.in().read(chunk); n >= 0; n = console.in().read(chunk)) {
                ByteBuffer data = ByteBuffer.wrap(chunk, 0, n);
                while (data.hasRemaining()) {
                    daemon.write(data);
                }
            }
        } catch (IOException closed) {
            // Closing the socket ends the other direction.
        }
    }

    private static void copyOutput(SocketChannel daemon, PrintStream out) {
        byte[] chunk = new byte[CHUNK];
        ByteBuffer data = ByteBuffer.wrap(chunk);
        try {
            while (daemon.read(data.clear()) >= 0 && !out.checkError()) {
                out.write(chunk, 0, data.position());
                out.flush();
            }
        } catch (IOException closed) {
            // Either side has ended.
        }
    }
}
