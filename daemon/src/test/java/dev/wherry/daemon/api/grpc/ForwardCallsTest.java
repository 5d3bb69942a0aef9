package dev.wherry.daemon.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.v1.PortForwardRequest;
import dev.wherry.v1.PortForwardResponse;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one side of a forwarded connection does, and what the other side learns of it. */
@Timeout(60)
class ForwardCallsTest {

    private final CallRunner calls = new CallRunner();
    private final UnicastProcessor<PortForwardRequest> requests = UnicastProcessor.create();
    private ServerSocket listening;
    private Socket program;
    private AssertSubscriber<PortForwardResponse> client;

    @BeforeEach
    void connect() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel socket = SocketChannel.open(listening.getLocalSocketAddress());
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        program = listening.accept();
        client = calls.<PortForwardRequest, PortForwardResponse>converse(requests, (in, out) -> {
                    try (socket) {
                        ForwardCalls.pass(in, socket, out);
                    }
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(100));
    }

    @AfterEach
    void close() throws IOException {
        program.close();
        listening.close();
    }

    private void send(String text) {
        requests.onNext(PortForwardRequest.newBuilder()
                .setData(ByteString.copyFromUtf8(text))
                .build());
    }

    private String received() {
        StringBuilder text = new StringBuilder();
        client.getItems().forEach(item -> text.append(item.getData().toStringUtf8()));
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void programAnswersAfterTheClientHasSentAll() throws IOException {
        send("ques");
        send("tion");
        requests.onComplete();

        assertThat(program.getInputStream().readAllBytes()).isEqualTo(bytes("question"));
        program.getOutputStream().write(bytes("answer"));
        program.close();

        client.awaitCompletion();
        assertThat(received()).isEqualTo("answer");
        assertThat(client.getLastItem().hasClosed()).isTrue();
        assertThat(client.getItems().stream().filter(PortForwardResponse::hasTaken))
                .hasSize(2);
    }

    @Test
    void clientAnswersAfterTheProgramHasSentAll() throws IOException {
        program.getOutputStream().write(bytes("question"));
        program.shutdownOutput();
        client.awaitItems(2);
        assertThat(client.getLastItem().hasClosed()).isTrue();

        send("answer");
        requests.onComplete();

        assertThat(program.getInputStream().readAllBytes()).isEqualTo(bytes("answer"));
        client.awaitCompletion();
        assertThat(received()).isEqualTo("question");
    }

    @Test
    void connectionOfAClientThatLeavesIsReset() throws IOException {
        program.getOutputStream().write(bytes("ready"));
        client.awaitItems(1);

        client.cancel();

        assertThatThrownBy(() -> program.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void resetByTheProgramEndsTheCall() throws IOException {
        send("read by nobody");
        program.setSoLinger(true, 0);
        program.close();

        client.awaitFailure().assertFailedWith(UnavailableException.class, "the container ended the connection");
    }
}
