package dev.wherry.daemon.api.auth;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.AuditSettings;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.api.server.CallLog;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.linux.StorageFailure;
import io.grpc.Status;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The audit log: a line of JSON for each call that changes something or reads what a reader may not, and for each call
 * that is refused. A line says who called what, about what, from where, how it ended and how long it took, and nothing of
 * what was sent. Lines go to a file, which only root can read, or to the daemon's own log; nothing is written unless the
 * configuration says where.
 */
@Singleton
final class AuditLog implements CallLog {

    private static final Logger LOG = Logger.getLogger(AuditLog.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_TARGET = 1024;

    private final MethodRules rules;
    private final Clock clock;
    private final Optional<Consumer<String>> sink;
    private final Optional<NamespaceName> namespace;

    @Inject
    AuditLog(AuditSettings settings, MethodRules rules, AccessSettings access) {
        this(rules, Clock.systemUTC(), sink(settings), access.namespace());
    }

    /** @param sink takes lines from any thread; empty for no log */
    AuditLog(MethodRules rules, Clock clock, Optional<Consumer<String>> sink) {
        this(rules, clock, sink, Optional.empty());
    }

    private AuditLog(
            MethodRules rules, Clock clock, Optional<Consumer<String>> sink, Optional<NamespaceName> namespace) {
        this.namespace = namespace;
        this.rules = rules;
        this.clock = clock;
        this.sink = sink;
    }

    private static Optional<Consumer<String>> sink(AuditSettings settings) {
        return switch (settings) {
            case AuditSettings.Off() -> Optional.empty();
            case AuditSettings.DaemonLog() -> Optional.of(LOG::info);
            case AuditSettings.File(Path path) -> Optional.of(file(path));
        };
    }

    /** Appends each line by one write, so that lines never mix and a rotated file loses none. */
    static Consumer<String> file(Path path) {
        try {
            FileChannel file = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return line -> {
                try {
                    file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
                } catch (IOException failure) {
                    LOG.errorf("the audit log %s lacks a line: %s", path, failure.getMessage());
                }
            };
        } catch (IOException failure) {
            throw StorageFailure.of("cannot open the audit log " + path, failure);
        }
    }

    @Override
    public Optional<Entry> open(Optional<Peer> peer, String method) {
        return sink.map(lines -> new Line(lines, peer, method, rules.role(method) != Role.READER, clock.instant()));
    }

    private final class Line implements Entry {

        private final Consumer<String> lines;
        private final Optional<Peer> peer;
        private final String method;
        private final boolean always;
        private final Instant began;
        private volatile String target = "";

        Line(Consumer<String> lines, Optional<Peer> peer, String method, boolean always, Instant began) {
            this.lines = lines;
            this.peer = peer;
            this.method = method;
            this.always = always;
            this.began = began;
        }

        @Override
        public void request(Object message) {
            String named = AuditTarget.of(message);
            target = named.length() <= LONGEST_TARGET ? named : named.substring(0, LONGEST_TARGET);
        }

        @Override
        public void end(Status status) {
            boolean refused = status.getCode() == Status.Code.PERMISSION_DENIED;
            if (always || refused) {
                lines.accept(text(status, refused));
            }
        }

        private String text(Status status, boolean refused) {
            ObjectNode line = JSON.createObjectNode();
            line.put("time", began.toString());
            line.put("caller", peer.map(AccessGate::name).orElse("unknown"));
            line.put("from", peer.map(AuditLog::from).orElse("unknown"));
            namespace.ifPresent(name -> line.put("namespace", name.text()));
            line.put("method", method);
            line.put("target", target);
            line.put("outcome", status.getCode().name());
            if (refused) {
                line.put("reason", status.getDescription());
            }
            line.put("ms", Duration.between(began, clock.instant()).toMillis());
            return line.toString();
        }
    }

    private static String from(Peer peer) {
        return switch (peer) {
            case Peer.LocalUser local -> "pid " + local.pid();
            case Peer.Certificate certificate -> certificate.from().getHostAddress();
            case Peer.Loopback loopback -> loopback.from().getAddress().getHostAddress();
        };
    }
}
