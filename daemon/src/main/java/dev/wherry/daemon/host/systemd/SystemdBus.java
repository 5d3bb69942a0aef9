package dev.wherry.daemon.host.systemd;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * systemd as process 1 of this host. Each request has a connection of its own, so that nothing breaks when systemd
 * executes itself anew.
 */
public final class SystemdBus {

    /** Where systemd keeps what is no unit of its own. */
    public static final String SLICE = "system.slice";

    /** Where systemd listens for root. */
    private static final Path SOCKET = Path.of("/run/systemd/private");

    /** There while systemd is process 1 (sd_booted(3)). */
    private static final Path BOOTED = Path.of("/run/systemd/system");

    private static final String ROOT_UID = HexFormat.of().formatHex("0".getBytes(StandardCharsets.US_ASCII));
    private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
    private static final String MANAGER = "org.freedesktop.systemd1.Manager";
    private static final int STRUCT = 8;

    private final Path socket;

    /** @param socket where systemd listens */
    public SystemdBus(Path socket) {
        this.socket = socket;
    }

    /** The one of this host; empty where something else is process 1. */
    public static Optional<SystemdBus> find() {
        return Files.isDirectory(BOOTED) && Files.exists(SOCKET)
                ? Optional.of(new SystemdBus(SOCKET))
                : Optional.empty();
    }

    /**
     * Makes a scope that holds a process; returns when the process is in it. The scope ends when the last process in it
     * does, and by nothing else: at a shutdown it is left alone until the very end.
     *
     * @param name ends with ".scope"
     * @throws SystemdException when systemd refuses, such as when there is one of that name
     */
    void startScope(String name, String description, String slice, int pid) throws IOException {
        BusCall start = new BusCall(
                MANAGER_PATH,
                MANAGER,
                "StartTransientUnit",
                "ssa(sv)a(sa(sv))",
                arguments -> arguments
                        .text(name)
                        .text("fail")
                        .array(STRUCT, () -> {
                            property(arguments, "Description", "s").text(description);
                            property(arguments, "Slice", "s").text(slice);
                            property(arguments, "DefaultDependencies", "b").bool(false);
                            // Without it, systemd refuses to move further processes into the scope.
                            property(arguments, "Delegate", "b").bool(true);
                            property(arguments, "CollectMode", "s").text("inactive-or-failed");
                            property(arguments, "PIDs", "au").array(Integer.BYTES, () -> arguments.uint32(pid));
                        })
                        .array(STRUCT, () -> {}));
        try (Connection connection = connect()) {
            connection.awaitJob(connection.call(start).path());
        }
    }

    /**
     * Puts a process into a scope, which is made unless it is there already; returns when the process is in it. What is in
     * a scope is no process of the daemon's service: systemd neither names it nor waits for it when the service ends.
     *
     * @param name ends with ".scope"
     */
    public void enterScope(String name, String description, String slice, int pid) throws IOException {
        try {
            startScope(name, description, slice, pid);
        } catch (SystemdException refusal) {
            if (!refusal.isUnitExists()) {
                throw refusal;
            }
            attach(name, pid);
        }
    }

    private static BusWriter property(BusWriter arguments, String name, String signature) {
        return arguments.align(STRUCT).text(name).signature(signature);
    }

    /**
     * Moves a process into a unit.
     *
     * @throws SystemdException when systemd refuses, such as when there is no such unit
     */
    void attach(String unit, int pid) throws IOException {
        call(new BusCall(
                MANAGER_PATH,
                MANAGER,
                "AttachProcessesToUnit",
                "ssau",
                arguments -> arguments.text(unit).text("").array(Integer.BYTES, () -> arguments.uint32(pid))));
    }

    /** Whether the host is being shut down or restarted. */
    public boolean isShuttingDown() throws IOException {
        return call(new BusCall(
                        MANAGER_PATH,
                        "org.freedesktop.DBus.Properties",
                        "Get",
                        "ss",
                        arguments -> arguments.text(MANAGER).text("SystemState")))
                .textInVariant()
                .equals("stopping");
    }

    private BusReply call(BusCall call) throws IOException {
        try (Connection connection = connect()) {
            return connection.call(call);
        }
    }

    private Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        try {
            Connection connection = new Connection(channel);
            connection.greet();
            return connection;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** A connection for one request. systemd sends its signals to every connection of this kind. */
    private static final class Connection implements AutoCloseable {

        private final SocketChannel channel;
        private final InputStream in;
        private final Set<String> removedJobs = new HashSet<>();

        Connection(SocketChannel channel) {
            this.channel = channel;
            this.in = new BufferedInputStream(Channels.newInputStream(channel));
        }

        void greet() throws IOException {
            send(channel, ("\0AUTH EXTERNAL " + ROOT_UID + "\r\nBEGIN\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = line(in);
            if (!answer.startsWith("OK ")) {
                throw new IOException("systemd refuses the connection: " + answer);
            }
        }

        BusReply call(BusCall call) throws IOException {
            // Not before: systemd overlooks a message that it has read together with the greeting.
            send(channel, call.toByteArray());
            BusReply reply = read();
            while (reply.serial() != BusCall.SERIAL) {
                reply = read();
            }
            if (!reply.error().isEmpty()) {
                throw new SystemdException(reply.error(), reply.message());
            }
            return reply;
        }

        /** Waits until systemd has done what a call has only queued. */
        void awaitJob(String job) throws IOException {
            while (!removedJobs.contains(job)) {
                read();
            }
        }

        private BusReply read() throws IOException {
            BusReply message = BusReply.read(in);
            if (message.member().equals("JobRemoved")) {
                removedJobs.add(message.removedJob());
            }
            return message;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("systemd closed the connection");
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }
}
