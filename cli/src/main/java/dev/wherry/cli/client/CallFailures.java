package dev.wherry.cli.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.Status;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;

/** Turns the error of a call into one sentence for the user. */
public final class CallFailures {
    private static final Metadata.Key<String> CONTENT_TYPE =
            Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final String ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";
    private static final String RESOURCE_INFO = "type.googleapis.com/google.rpc.ResourceInfo";
    private static final String SHUTTING_DOWN = "SHUTTING_DOWN";
    private static final String EXIT_CODE = "exit_code";

    private CallFailures() {}

    /** The failure to report for an exception of a call to the daemon at {@code address}. */
    public static Failure of(Throwable thrown, HostAddress address) {
        return switch (thrown) {
            case Failure failure -> failure;
            case StatusException e -> of(e.getStatus(), e.getTrailers(), e, address);
            case StatusRuntimeException e -> of(e.getStatus(), e.getTrailers(), e, address);
            case InterruptedException e -> new Failure("interrupted", ExitStatus.INTERRUPTED, e);
            default -> Failure.of(sentence(thrown), thrown);
        };
    }

    /** The failure to report for a connection to a daemon that could not be made. */
    public static Failure ofConnection(Throwable thrown, HostAddress address) {
        return Failure.of(transport(thrown, address), thrown);
    }

    /** Whether the daemon answered that the object asked for does not exist. */
    public static boolean isNotFound(Throwable thrown) {
        return StatusProto.fromThrowable(thrown) != null
                && io.grpc.Status.fromThrowable(thrown).getCode() == Code.NOT_FOUND;
    }

    /**
     * Whether the daemon answered that an object of this kind does not exist.
     *
     * @param kind as the daemon names it, such as {@code image}
     */
    public static boolean isNotFound(Throwable thrown, String kind) {
        return isNotFound(thrown)
                && detail(thrown, RESOURCE_INFO, ResourceInfo.getDefaultInstance())
                        .getResourceType()
                        .equals(kind);
    }

    /** Whether the daemon refused a call, or cut it short, because it shuts down. */
    static boolean isShuttingDown(Throwable thrown) {
        return info(thrown).getReason().equals(SHUTTING_DOWN);
    }

    /** Whether the connection was lost during a call; not if nobody listened at all. */
    static boolean isConnectionLost(Throwable thrown) {
        io.grpc.Status status = io.grpc.Status.fromThrowable(thrown);
        return !hasAnswered(io.grpc.Status.trailersFromThrowable(thrown))
                && isTransport(status)
                && !isUnreachable(status.getCause());
    }

    /** Whether there is or was no connection, rather than that the daemon answered. */
    public static boolean isTransport(Throwable thrown) {
        return !hasAnswered(io.grpc.Status.trailersFromThrowable(thrown))
                && isTransport(io.grpc.Status.fromThrowable(thrown));
    }

    /** Whether there may be a connection in a moment: there is none, and nobody has refused one. */
    public static boolean isPassing(Throwable thrown) {
        return isTransport(thrown) && !TcpFailures.isRefusal(thrown);
    }

    private static Failure of(io.grpc.Status status, Metadata trailers, Throwable thrown, HostAddress address) {
        if (!hasAnswered(trailers) && isTransport(status)) {
            return Failure.of(transport(status.getCause(), address), thrown);
        }
        ErrorInfo info = info(thrown);
        if (status.getCode() == Code.UNIMPLEMENTED && info.getReason().isEmpty()) {
            return Failure.of("wherryd does not know this call: is it older than wherry?", thrown);
        }
        String description = status.getDescription();
        String sentence = description == null || description.isBlank() ? code(status) : description.strip();
        return new Failure(sentence + excerpt(info), exitStatus(info), thrown);
    }

    private static boolean hasAnswered(Metadata trailers) {
        return trailers != null && (trailers.containsKey(DETAILS) || trailers.containsKey(CONTENT_TYPE));
    }

    /** Whether the connection failed or was closed by the daemon, rather than the call. */
    private static boolean isTransport(io.grpc.Status status) {
        String description = String.valueOf(status.getDescription());
        return status.getCode() == Code.UNAVAILABLE || description.contains("RST_STREAM closed stream");
    }

    private static String code(io.grpc.Status status) {
        return "wherryd failed with status " + status.getCode() + " and no message: see the daemon's log";
    }

    /** The sentence for a connection that failed: no daemon, no permission, or a connection that was lost. */
    private static String transport(Throwable cause, HostAddress address) {
        if (cause instanceof SshFailure ssh) {
            return ssh.sentence(address);
        }
        if (address instanceof HostAddress.Tcp tcp) {
            return TcpFailures.reason(cause, tcp)
                    .map(reason -> "cannot connect to wherryd at " + tcp + ": " + reason)
                    .orElse(lost(address));
        }
        if (says(cause, "Permission denied")) {
            return "permission denied on " + address + ": run as root or join the group wherry";
        }
        return isUnreachable(cause) ? "cannot connect to wherryd at " + address + ": is it running?" : lost(address);
    }

    private static String lost(HostAddress address) {
        boolean maybeTls = address instanceof HostAddress.Tcp tcp && tcp.tls().isEmpty();
        return "lost the connection to wherryd at " + address + ": did it stop"
                + (maybeTls ? ", or does it need TLS?" : "?");
    }

    /** Whether there was no connection. */
    private static boolean isUnreachable(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof ConnectException || t instanceof SshFailure) {
                return true;
            }
        }
        return says(cause, "Permission denied")
                || says(cause, "No such file or directory")
                || says(cause, "Connection refused")
                || says(cause, "Not a directory");
    }

    private static boolean says(Throwable cause, String words) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (String.valueOf(t.getMessage()).contains(words)) {
                return true;
            }
        }
        return false;
    }

    /** The line of the Dockerfile that the error is about, and a caret below its position; empty if there is none. */
    private static String excerpt(ErrorInfo info) {
        String source = info.getMetadataOrDefault("source", "");
        String caret = info.getMetadataOrDefault("caret", "");
        if (source.isBlank() || !caret.matches("[0-9]{1,4}")) {
            return "";
        }
        return "\n  " + source.lines().findFirst().orElse("") + "\n  " + " ".repeat(Integer.parseInt(caret)) + "^";
    }

    /** The exit status that the daemon names; {@code null} if it names none. */
    private static ExitStatus exitStatus(ErrorInfo info) {
        String code = info.getMetadataOrDefault(EXIT_CODE, "");
        return code.matches("[0-9]{1,3}") ? new ExitStatus(Integer.parseInt(code)) : null;
    }

    /** The kind of the error, as the daemon names it; empty if it names none. */
    private static ErrorInfo info(Throwable thrown) {
        return detail(thrown, ERROR_INFO, ErrorInfo.getDefaultInstance());
    }

    /** The first detail of a type, or {@code absent} if the error has none that can be read. */
    private static <T extends Message> T detail(Throwable thrown, String type, T absent) {
        Status details = StatusProto.fromThrowable(thrown);
        if (details == null) {
            return absent;
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.getTypeUrl().equals(type)) {
                try {
                    @SuppressWarnings("unchecked")
                    T message = (T) absent.getParserForType().parseFrom(detail.getValue());
                    return message;
                } catch (InvalidProtocolBufferException e) {
                    return absent;
                }
            }
        }
        return absent;
    }

    /** A sentence for an exception that no call threw; most are about a file that cannot be read or written. */
    public static String sentence(Throwable thrown) {
        return switch (thrown) {
            case java.nio.file.NoSuchFileException e -> e.getFile() + " not found";
            case java.nio.file.AccessDeniedException e -> e.getFile() + ": permission denied";
            case java.nio.file.FileSystemException e ->
                e.getFile() + ": " + (e.getReason() == null ? "cannot be used" : e.getReason());
            default -> {
                String message = thrown.getMessage();
                String name = thrown.getClass().getSimpleName();
                yield message == null || message.isBlank()
                        ? name
                        : message.lines().findFirst().orElse(name);
            }
        };
    }
}
