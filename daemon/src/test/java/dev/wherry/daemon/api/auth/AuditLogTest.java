package dev.wherry.daemon.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.api.server.CallLog.Entry;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.ListContainersRequest;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    private static final String CREATE = "wherry.v1.ContainerService/Create";
    private static final String LIST = "wherry.v1.ContainerService/List";
    private static final Peer USER = new Peer.LocalUser(1000, 1000, 42, List.of());
    private static final Clock CLOCK =
            Clock.tick(Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC), Duration.ofSeconds(1));

    private final List<String> lines = new ArrayList<>();
    private final AuditLog log = new AuditLog(MethodRules.read(), CLOCK, Optional.of(lines::add));

    private void call(Peer peer, String method, Object request, Status status) {
        Entry entry = log.open(Optional.ofNullable(peer), method).orElseThrow();
        entry.request(request);
        entry.end(status);
    }

    @Test
    void changeIsWrittenDownWithoutItsContent() {
        CreateContainerRequest request = CreateContainerRequest.newBuilder()
                .setName("web")
                .setImage("nginx")
                .addEnv("PASSWORD=secret")
                .addArgs("--token=secret")
                .build();

        call(USER, CREATE, request, Status.OK);

        assertThat(lines)
                .containsExactly("{\"time\":\"2026-01-02T03:04:05Z\",\"caller\":\"user 1000\",\"from\":\"pid 42\","
                        + "\"method\":\"wherry.v1.ContainerService/Create\",\"target\":\"web nginx\","
                        + "\"outcome\":\"OK\",\"ms\":0}");
    }

    @Test
    void readIsWrittenDownOnlyIfItIsRefused() throws IOException {
        Peer certificate = new Peer.Certificate(
                "CN=a\"b", "a\"b", List.of(), List.of(), java.math.BigInteger.ONE, InetAddress.getByAddress(new byte[] {
                    10, 0, 0, 1
                }));

        call(USER, LIST, ListContainersRequest.getDefaultInstance(), Status.OK);
        call(
                certificate,
                LIST,
                ListContainersRequest.getDefaultInstance(),
                Status.PERMISSION_DENIED.withDescription("no"));

        assertThat(lines)
                .containsExactly("{\"time\":\"2026-01-02T03:04:05Z\",\"caller\":\"certificate CN=a\\\"b\","
                        + "\"from\":\"10.0.0.1\",\"method\":\"wherry.v1.ContainerService/List\",\"target\":\"\","
                        + "\"outcome\":\"PERMISSION_DENIED\",\"reason\":\"no\",\"ms\":0}");
    }

    @Test
    void nameCannotBeginALineOfItsOwn() {
        call(
                null,
                CREATE,
                CreateContainerRequest.newBuilder().setName("a\n{\"x\":1}").build(),
                Status.CANCELLED);

        assertThat(lines).hasSize(1).first().asString().doesNotContain("\n").contains("\"caller\":\"unknown\"");
    }

    @Test
    void withoutALogNothingIsBegun() {
        assertThat(new AuditLog(MethodRules.read(), CLOCK, Optional.empty()).open(Optional.of(USER), CREATE))
                .isEmpty();
    }

    @Test
    void fileIsRootsAndGrows(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("audit.log");
        Consumer<String> first = AuditLog.file(file);
        first.accept("one");
        AuditLog.file(file).accept("two");
        first.accept("three");

        assertThat(file).hasContent("one\ntwo\nthree\n");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
