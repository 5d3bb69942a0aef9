package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.Status;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What programs learn of an error, beside the sentence for people. */
class ErrorStatusTest {

    /** One of each kind. */
    private static final List<WherryException> ERRORS = List.of(
            new InvalidInputException("x"),
            new NotFoundException("image", "x"),
            new ConflictException("x"),
            new UnsupportedException("x"),
            new DeniedException("x"),
            new ForbiddenException("admin", "x"),
            new UnavailableException("x"),
            new ShuttingDownException(),
            new ExhaustedException("x"),
            new CorruptContentException("x"),
            new StartException(ExitCode.NOT_FOUND, "x"),
            new BuildException("Dockerfile", 1, 1, "RUN false", "x", null),
            new CancelledException("x"),
            new HostException("x"));

    private static Status status(Throwable error) {
        return StatusProto.fromThrowable(new ErrorStatus().transform(error));
    }

    private static ErrorInfo info(Throwable error) throws InvalidProtocolBufferException {
        return status(error).getDetails(0).unpack(ErrorInfo.class);
    }

    @Test
    void everyReasonIsInTheTableOfTheApi() throws Exception {
        assertThat(ERRORS.stream().<Object>map(Object::getClass))
                .containsExactlyInAnyOrder((Object[]) WherryException.class.getPermittedSubclasses());

        List<String> rows = ERRORS.stream()
                .map(error -> "| `" + ErrorStatus.reason(error.getClass()) + "` | `"
                        + Code.forNumber(status(error).getCode()) + "` |")
                .toList();
        assertThat(table()).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void refusalSaysWhatIsLacking() throws Exception {
        assertThat(info(new ForbiddenException("operator", "x")).getMetadataMap())
                .containsEntry(ErrorStatus.LACKING, "operator");
    }

    /** The first two columns of the rows of reasons. */
    private static List<String> table() throws IOException {
        return Pattern.compile("(?m)^\\| `[A-Z_]+` \\| `[A-Z_]+` \\|")
                .matcher(Files.readString(Path.of("../proto/README.md")))
                .results()
                .map(row -> row.group())
                .toList();
    }

    @Test
    void reasonsBelongToTheDomainOfWherry() throws Exception {
        for (WherryException error : ERRORS) {
            assertThat(info(error).getDomain()).isEqualTo("wherry.dev");
            assertThat(info(error).getReason()).isEqualTo(ErrorStatus.reason(error.getClass()));
        }
    }

    @Test
    void wrongFieldIsNamed() throws Exception {
        WherryException error = new InvalidInputException("no name for a platform: x").in("platform");

        assertThat(status(error).getDetails(1).unpack(BadRequest.class).getFieldViolationsList())
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.getField()).isEqualTo("platform");
                    assertThat(violation.getDescription()).isEqualTo("no name for a platform: x");
                });
        assertThat(status(new InvalidInputException("x")).getDetailsCount()).isOne();
    }

    @Test
    void innermostFieldIsTheOneThatIsNamed() {
        InvalidInputException error = org.assertj.core.api.Assertions.catchThrowableOfType(
                InvalidInputException.class,
                () -> RequestField.check(
                        "mounts",
                        () -> RequestField.check("mounts.target", () -> {
                            throw new InvalidInputException("not absolute");
                        })));

        assertThat(error.field()).contains("mounts.target");
        assertThat(error).hasMessage("not absolute");
    }

    @Test
    void detailsOfALongMessageLeaveRoomInTheHeaders() {
        WherryException error = new InvalidInputException("x ".repeat(10_000)).in("filters");

        // Clients take headers of 8 KiB; the details are sent in base 64, beside the message.
        assertThat(status(error).getSerializedSize() * 4 / 3 + 2048).isLessThan(8000);
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        ResourceInfo missing =
                status(new NotFoundException("image", "node:0")).getDetails(1).unpack(ResourceInfo.class);

        assertThat(missing.getResourceType()).isEqualTo("image");
        assertThat(missing.getResourceName()).isEqualTo("node:0");
    }

    @Test
    void failedStartTellsTheExitCodeOfAShell() throws Exception {
        assertThat(info(new StartException(ExitCode.NOT_FOUND, "x")).getMetadataMap())
                .containsEntry("exit_code", "127");
    }
}
