package dev.wherry.daemon.registry;

import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.content.Digest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A docker-registry on a loopback port, with a folder of its own, and what it takes to push to it. */
public final class LocalRegistry implements AutoCloseable {

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    public LocalRegistry(Path folder) throws IOException {
        this(folder, "");
    }

    /** @param extra more of the registry's configuration, in YAML */
    LocalRegistry(Path folder, String extra) throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Files.createDirectories(folder);
        Path config = folder.resolve("config.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(folder.resolve("data"), port) + extra);
        process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return true;
            }
        });
    }

    /** Host and port, as references name them. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    public Digest pushBlob(String repository, byte[] bytes) throws IOException, InterruptedException {
        HttpResponse<String> begun = send(
                HttpRequest.newBuilder(uri(repository + "/blobs/uploads/")).POST(HttpRequest.BodyPublishers.noBody()));
        Digest digest = Digest.sha256(bytes);
        String location = begun.headers().firstValue("Location").orElseThrow();
        URI target = URI.create(location + (location.contains("?") ? "&" : "?") + "digest=" + digest);
        send(HttpRequest.newBuilder(target).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)));
        return digest;
    }

    public Digest pushManifest(String repository, String selector, String mediaType, byte[] bytes)
            throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(uri(repository + "/manifests/" + selector))
                .header("Content-Type", mediaType)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)));
        return Digest.sha256(bytes);
    }

    private URI uri(String rest) {
        return URI.create("http://" + host() + "/v2/" + rest);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                request.header("Authorization", "Bearer pushing").build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(response + ": " + response.body());
        }
        return response;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        client.close();
    }
}
