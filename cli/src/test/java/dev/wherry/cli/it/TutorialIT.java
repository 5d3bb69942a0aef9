package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tutorial that everyone starts with, on an image made of this machine's own packages. */
class TutorialIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void base() throws Exception {
        Process script = new ProcessBuilder(System.getProperty("wherry.node-base"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String tar = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(script.waitFor()).isZero();
        daemon.wherry("import", tar, "node").ok();
    }

    @Test
    void editedFileIsServedAfterARebuildOnly() throws Exception {
        Project project = example("app");
        assertThat(Project.steps(project.build("-t", "app").ok()))
                .containsExactly(
                        "CACHED FROM node",
                        "DONE WORKDIR /app",
                        "DONE COPY . /app",
                        "DONE RUN npm install",
                        "DONE EXPOSE 80",
                        "DONE CMD [\"node\", \"server.js\"]");
        String old =
                daemon.wherry("image", "inspect", "-f", "{{.Id}}", "app").ok().line();
        int port = serve("web", "app");
        assertThat(page(port)).isEqualTo("Hello, Wherry!");

        project.file("server.js", Files.readString(project.path("server.js")).replace("\"Wherry\"", "\"new Wherry\""));
        assertThat(page(port)).as("the running container").isEqualTo("Hello, Wherry!");
        assertThat(page(serve("old", "app")))
                .as("a new container of the image before")
                .isEqualTo("Hello, Wherry!");

        assertThat(Project.steps(project.build("-t", "app").ok()))
                .startsWith("CACHED FROM node", "CACHED WORKDIR /app", "DONE COPY . /app", "DONE RUN npm install");
        assertThat(page(serve("new", "app"))).isEqualTo("Hello, new Wherry!");
        assertThat(page(serve("by-id", old))).isEqualTo("Hello, Wherry!");

        assertThat(Project.steps(project.build("-t", "app").ok())).allMatch(step -> step.startsWith("CACHED"));
        assertThat(daemon.wherry("stop", "web").ok().line()).isEqualTo("web");
        assertThat(daemon.wherry("inspect", "-f", "{{.State.ExitCode}}", "web")
                        .ok()
                        .line())
                .as("the server ends when it is told to")
                .isEqualTo("0");
    }

    @Test
    void theExampleIsReproducibleOnceTheFilesOfNpmStayOut() throws Exception {
        Project project = example("reproduced");
        assertThat(project.build("--verify").exits(1).stderr())
                .contains("not reproducible: /root/.npm/", "Dockerfile:4")
                .contains("hint: a log or a cache");

        project.file(
                "Dockerfile",
                Files.readString(project.path("Dockerfile"))
                        .replace("RUN npm", "RUN --mount=type=cache,target=/root/.npm npm"));
        assertThat(project.id("--reproducible", "--no-cache")).isEqualTo(project.id("--reproducible", "--no-cache"));
    }

    private static Project example(String name) throws IOException, InterruptedException {
        Path app = daemon.home().resolve(name);
        Process copy = new ProcessBuilder("cp", "-R", System.getProperty("wherry.example"), app.toString()).start();
        assertThat(copy.waitFor()).isZero();
        return new Project(daemon, app);
    }

    private static int serve(String name, String image) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        daemon.wherry("run", "-d", "--name", name, "-p", port + ":80", image).ok();
        return port;
    }

    private String page(int port) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port)).build();
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreException(java.net.ConnectException.class)
                .until(() -> http.send(request, BodyHandlers.ofString()).body().strip(), body -> true);
    }
}
