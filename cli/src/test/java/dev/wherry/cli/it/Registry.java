package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.StringJoiner;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A registry on a free port of loopback, for the tests of one class: register it as a static extension. */
final class Registry implements BeforeAllCallback, AfterAllCallback {

    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

    private final HttpClient http = HttpClient.newHttpClient();
    private String htpasswd = "";
    private Path home;
    private int port;
    private Process process;

    /** As the first part of a reference: {@code localhost:12345}. */
    String host() {
        return "localhost:" + port;
    }

    /** A registry that lets in who is in a file of users, as htpasswd writes it with bcrypt. */
    Registry knowing(String users) {
        htpasswd = users;
        return this;
    }

    /** Where the registry keeps a blob, for tests that spoil it. */
    Path blob(String digest) {
        String hex = digest.substring("sha256:".length());
        return home.resolve("data/docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Host.require();
        home = Files.createTempDirectory(Path.of("/tmp"), "wherry-it-");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(home.resolve("config.yml"), """
                version: 0.1
                log: {level: warn}
                storage: {filesystem: {rootdirectory: %s/data}, delete: {enabled: true}}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(home, port) + auth());
        process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!answers()) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as("the registry serves: %s", Files.readString(home.resolve("log")))
                    .isTrue();
            Thread.sleep(50);
        }
    }

    private String auth() throws IOException {
        if (htpasswd.isEmpty()) {
            return "";
        }
        Path file = Files.writeString(home.resolve("htpasswd"), htpasswd + "\n");
        return "auth: {htpasswd: {realm: test, path: " + file + "}}\n";
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        if (home != null) {
            Host.clean(home);
        }
    }

    /**
     * Puts an image of one layer there.
     *
     * @param configJson the {@code config} object of the image config, such as {@code {"Cmd": ["sh"]}}
     * @return the manifest's digest
     */
    String push(String repository, String tag, Path tar, String configJson) throws IOException, InterruptedException {
        byte[] plain = Files.readAllBytes(tar);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        }
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        byte[] config = """
                {"architecture": "%s", "os": "linux", "config": %s, "created": "2026-01-01T00:00:00Z",
                 "rootfs": {"type": "layers", "diff_ids": ["%s"]}}""".formatted(architecture, configJson, digest(plain)).getBytes(StandardCharsets.UTF_8);
        byte[] layer = compressed.toByteArray();
        upload(repository, config);
        upload(repository, layer);
        byte[] manifest = """
                {"schemaVersion": 2, "mediaType": "%s",
                 "config": {"mediaType": "%s", "digest": "%s", "size": %d},
                 "layers": [{"mediaType": "%s", "digest": "%s", "size": %d}]}""".formatted(
                        MANIFEST, CONFIG, digest(config), config.length, LAYER, digest(layer), layer.length)
                .getBytes(StandardCharsets.UTF_8);
        put(URI.create("http://" + host() + "/v2/" + repository + "/manifests/" + tag), MANIFEST, manifest);
        return digest(manifest);
    }

    /**
     * Puts an index there, whose images are in the same repository.
     *
     * @param manifests digests of manifests by architecture
     * @return the index's digest
     */
    String pushIndex(String repository, String tag, Map<String, String> manifests)
            throws IOException, InterruptedException {
        StringJoiner entries = new StringJoiner(", ");
        for (Map.Entry<String, String> manifest : manifests.entrySet()) {
            entries.add("""
                    {"mediaType": "%s", "digest": "%s", "size": %d, "platform": {"os": "linux", "architecture": "%s"}}""".formatted(
                            MANIFEST, manifest.getValue(), Files.size(blob(manifest.getValue())), manifest.getKey()));
        }
        byte[] index = """
                {"schemaVersion": 2, "mediaType": "%s", "manifests": [%s]}""".formatted(INDEX, entries).getBytes(StandardCharsets.UTF_8);
        put(URI.create("http://" + host() + "/v2/" + repository + "/manifests/" + tag), INDEX, index);
        return digest(index);
    }

    private void upload(String repository, byte[] blob) throws IOException, InterruptedException {
        URI start = URI.create("http://" + host() + "/v2/" + repository + "/blobs/uploads/");
        HttpResponse<Void> session = http.send(
                HttpRequest.newBuilder(start).POST(BodyPublishers.noBody()).build(), BodyHandlers.discarding());
        String location = session.headers().firstValue("Location").orElseThrow();
        URI end = start.resolve(location + (location.contains("?") ? "&" : "?") + "digest=" + digest(blob));
        put(end, "application/octet-stream", blob);
    }

    private void put(URI uri, String type, byte[] body) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", type)
                        .PUT(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private boolean answers() throws InterruptedException {
        try {
            URI uri = URI.create("http://" + host() + "/v2/");
            int status = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
            return status == (htpasswd.isEmpty() ? 200 : 401);
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
