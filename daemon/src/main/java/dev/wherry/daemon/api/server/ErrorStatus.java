package dev.wherry.daemon.api.server;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.Status;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * The one place that turns errors into gRPC status. The message is the sentence for the user. A
 * {@code google.rpc.ErrorInfo} of the domain {@code wherry.dev} names the kind of error, a {@code ResourceInfo} what was
 * not found, and a {@code BadRequest} the field that cannot be accepted. What no code of ours threw on purpose is a defect: its story goes to the log, and the client learns
 * only where it is.
 */
@RegisterForReflection(
        targets = {
            Any.class,
            Any.Builder.class,
            BadRequest.class,
            BadRequest.Builder.class,
            BadRequest.FieldViolation.class,
            BadRequest.FieldViolation.Builder.class,
            ErrorInfo.class,
            ErrorInfo.Builder.class,
            ResourceInfo.class,
            ResourceInfo.Builder.class,
            Status.class,
            Status.Builder.class
        })
@Singleton
public final class ErrorStatus implements ExceptionHandlerProvider {

    static final String DOMAIN = "wherry.dev";
    static final String EXIT_CODE = "exit_code";

    /** The line of the Dockerfile that an error is about, and how many characters stand before its place there. */
    static final String SOURCE = "source";

    static final String CARET = "caret";

    /** The role that would permit a call, or what of the configuration would. */
    static final String LACKING = "lacking";

    private static final Logger LOG = Logger.getLogger(ErrorStatus.class);

    @Override
    public Throwable transform(Throwable failure) {
        return switch (failure) {
            case StatusException status -> status;
            case StatusRuntimeException status -> status;
            case WherryException known -> StatusProto.toStatusRuntimeException(status(known));
            case CompletionException wrapped when wrapped.getCause() != null -> transform(wrapped.getCause());
            default -> {
                LOG.error("internal error", failure);
                yield io.grpc.Status.INTERNAL
                        .withDescription("internal error (details are in the daemon's log)")
                        .asRuntimeException();
            }
        };
    }

    /** Ends a call with an error before any service has seen it. */
    static io.grpc.Status close(ServerCall<?, ?> call, WherryException failure) {
        StatusRuntimeException status = StatusProto.toStatusRuntimeException(status(failure));
        call.close(status.getStatus(), status.getTrailers());
        return status.getStatus();
    }

    private static Status status(WherryException failure) {
        ErrorInfo.Builder info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason(failure.getClass()));
        Status.Builder status = Status.newBuilder().setMessage(ErrorText.of(String.valueOf(failure.getMessage())));
        Code code = switch (failure) {
            case InvalidInputException invalid -> {
                if (invalid.getCause() instanceof DockerfileException place) {
                    place.excerpt()
                            .ifPresent(excerpt -> info.putMetadata(SOURCE, excerpt.text())
                                    .putMetadata(CARET, Integer.toString(excerpt.caret())));
                }
                invalid.field().ifPresent(field -> status.addDetails(Any.pack(violation(field, invalid))));
                yield Code.INVALID_ARGUMENT;
            }
            case NotFoundException missing -> {
                status.addDetails(Any.pack(ResourceInfo.newBuilder()
                        .setResourceType(missing.kind())
                        .setResourceName(ErrorText.name(missing.name()))
                        .build()));
                yield Code.NOT_FOUND;
            }
            case ConflictException conflict -> Code.FAILED_PRECONDITION;
            case UnsupportedException unsupported -> Code.UNIMPLEMENTED;
            case DeniedException denied -> Code.PERMISSION_DENIED;
            case ForbiddenException forbidden -> {
                info.putMetadata(LACKING, forbidden.lacking());
                yield Code.PERMISSION_DENIED;
            }
            case UnavailableException unavailable -> Code.UNAVAILABLE;
            case ShuttingDownException end -> Code.UNAVAILABLE;
            case ExhaustedException exhausted -> Code.RESOURCE_EXHAUSTED;
            case CorruptContentException corrupt -> Code.DATA_LOSS;
            case StartException start -> {
                info.putMetadata(EXIT_CODE, Integer.toString(start.exitCode().value()));
                yield Code.FAILED_PRECONDITION;
            }
            case BuildException build -> Code.ABORTED;
            case CancelledException cancelled -> Code.CANCELLED;
            case HostException host -> Code.INTERNAL;
        };
        return status.setCode(code.getNumber())
                .addDetails(0, Any.pack(info.build()))
                .build();
    }

    /** The details have no room for the whole message once more. */
    private static BadRequest violation(String field, InvalidInputException invalid) {
        return BadRequest.newBuilder()
                .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                        .setField(field)
                        .setDescription(ErrorText.name(String.valueOf(invalid.getMessage()))))
                .build();
    }

    /** {@code NotFoundException} as {@code NOT_FOUND}, which is how reasons are written. */
    static String reason(Class<? extends WherryException> kind) {
        return kind.getSimpleName()
                .replace("Exception", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toUpperCase(Locale.ROOT);
    }

    @Override
    public <I, O> ExceptionHandler<I, O> createHandler(
            ServerCall.Listener<I> listener, ServerCall<I, O> call, Metadata metadata) {
        return new ExceptionHandler<>(listener, call, metadata) {
            @Override
            protected void handleException(Throwable failure, ServerCall<I, O> failed, Metadata headers) {
                Throwable status = transform(failure);
                Metadata trailers = io.grpc.Status.trailersFromThrowable(status);
                failed.close(io.grpc.Status.fromThrowable(status), trailers == null ? new Metadata() : trailers);
            }
        };
    }
}
