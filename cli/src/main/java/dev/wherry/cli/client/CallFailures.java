package dev.wherry.cli.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.wherry.cli.view.Failure;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;

/** Puts the failure of a call into one sentence. */
public final class CallFailures {
    private static final Metadata.Key<String> CONTENT_TYPE =
            Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final String ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";
    private static final String EXIT_CODE = "exit_code";

    private CallFailures() {}

    /** The failure to show for what a call to the daemon at {@code address} threw. */
    public static Failure of(Throwable thrown, HostAddress address) {
        return switch (thrown) {
            case Failure failure -> failure;
            case StatusException e -> of(e.getStatus(), e.getTrailers(), e, address);
            case StatusRuntimeException e -> of(e.getStatus(), e.getTrailers(), e, address);
            case InterruptedException e -> new Failure("interrupted", 130, e);
            default -> Failure.of(sentence(thrown), thrown);
        };
    }

    /** Whether the daemon answered that the thing asked for is not there. */
    public static boolean isNotFound(Throwable thrown) {
        return StatusProto.fromThrowable(thrown) != null && code(thrown) == Code.NOT_FOUND;
    }

    private static Code code(Throwable thrown) {
        return io.grpc.Status.fromThrowable(thrown).getCode();
    }

    private static Failure of(io.grpc.Status status, Metadata trailers, Throwable thrown, HostAddress address) {
        boolean daemonSpoke = trailers != null && (trailers.containsKey(DETAILS) || trailers.containsKey(CONTENT_TYPE));
        if (!daemonSpoke && isTransport(status)) {
            return Failure.of(transport(status.getCause(), address), thrown);
        }
        if (status.getCode() == Code.UNIMPLEMENTED) {
            return Failure.of("wherryd does not know this call: is it older than wherry?", thrown);
        }
        String description = status.getDescription();
        String sentence = description == null || description.isBlank() ? code(status) : description.strip();
        ErrorInfo info = info(thrown);
        String shown = sentence + excerpt(info);
        int exitCode = exitCode(info);
        return exitCode < 0 ? Failure.of(shown, thrown) : new Failure(shown, exitCode, thrown);
    }

    /** Whether the connection failed, or the daemon ended it on its way out, rather than the call. */
    private static boolean isTransport(io.grpc.Status status) {
        String description = String.valueOf(status.getDescription());
        return status.getCode() == Code.UNAVAILABLE || description.contains("RST_STREAM closed stream");
    }

    private static String code(io.grpc.Status status) {
        return "wherryd failed with " + status.getCode().name().toLowerCase(java.util.Locale.ROOT)
                + " and gave no reason; its log may";
    }

    /** What went wrong below the calls: nobody there, not allowed, or gone in the middle. */
    private static String transport(Throwable cause, HostAddress address) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (message.contains("Permission denied")) {
                return "permission denied on " + address + ": run as root or join the group wherry";
            }
            if (t instanceof ConnectException
                    || message.contains("No such file or directory")
                    || message.contains("Connection refused")
                    || message.contains("Not a directory")) {
                return "cannot connect to wherryd at " + address + ": is it running?";
            }
        }
        return "lost the connection to wherryd at " + address + ": did it stop?";
    }

    /** The line of the Dockerfile that an error is about with a caret under the place, on lines of their own. */
    private static String excerpt(ErrorInfo info) {
        String source = info.getMetadataOrDefault("source", "");
        String caret = info.getMetadataOrDefault("caret", "");
        if (source.isBlank() || !caret.matches("[0-9]{1,4}")) {
            return "";
        }
        return "\n  " + source.lines().findFirst().orElse("") + "\n  " + " ".repeat(Integer.parseInt(caret)) + "^";
    }

    private static int exitCode(ErrorInfo info) {
        String code = info.getMetadataOrDefault(EXIT_CODE, "");
        return code.matches("[0-9]{1,3}") ? Integer.parseInt(code) : -1;
    }

    /** What kind of error the daemon says it is; empty where it says nothing. */
    private static ErrorInfo info(Throwable thrown) {
        Status details = StatusProto.fromThrowable(thrown);
        if (details != null) {
            for (Any detail : details.getDetailsList()) {
                if (detail.getTypeUrl().equals(ERROR_INFO)) {
                    try {
                        return ErrorInfo.parseFrom(detail.getValue());
                    } catch (InvalidProtocolBufferException e) {
                        return ErrorInfo.getDefaultInstance();
                    }
                }
            }
        }
        return ErrorInfo.getDefaultInstance();
    }

    /** A sentence for what is not a failed call, mostly a file that cannot be read or written. */
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
