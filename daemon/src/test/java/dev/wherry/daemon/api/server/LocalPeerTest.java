package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peer of a connection over the unix socket, as a server finds it when a request arrives. */
class LocalPeerTest {

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void requestOverTheUnixSocketHasItsUser() throws Exception {
        SocketAddress address =
                SocketAddress.domainSocketAddress(folder.resolve("socket").toString());
        CompletableFuture<Peer> found = new CompletableFuture<>();
        await(vertx.createHttpServer()
                .requestHandler(request -> {
                    found.complete(((ConnectionBase) request.connection())
                            .channel()
                            .attr(ClientConnections.PEER)
                            .get());
                    request.response().end();
                })
                .listen(address));
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        await(client.request(new RequestOptions().setServer(address).setHost("localhost"))
                .compose(HttpClientRequest::send));

        int pid = (int) ProcessHandle.current().pid();
        assertThat(found.get()).isEqualTo(new Peer.LocalUser(0, 0, pid, List.of()));
    }
}
