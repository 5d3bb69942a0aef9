package dev.wherry.cli.it;

import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Git repositories behind git's own http-backend, as {@code /NAME.git} of a web server. */
final class GitServer {

    private final Path folder;

    GitServer(Path folder, WebServer web) {
        this.folder = folder;
        web.page("/git", this::answer);
    }

    /** Runs git in a repository, which is made where there is none; gives what it wrote. */
    String git(String name, String... arguments) throws IOException {
        Path work = Files.createDirectories(folder.resolve(name));
        if (!Files.exists(work.resolve(".git"))) {
            run(work, "git", "init", "-q", "-b", "main");
            run(work, "git", "config", "http.uploadpack", "true");
        }
        return run(work, Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Writes files, given as names and contents, and commits them. */
    String commit(String name, String... files) throws IOException {
        git(name, "status");
        for (int i = 0; i < files.length; i += 2) {
            Path file = folder.resolve(name).resolve(files[i]);
            Files.createDirectories(file.getParent());
            Files.writeString(file, files[i + 1]);
        }
        git(name, "add", "-A");
        git(name, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x");
        return git(name, "rev-parse", "HEAD").strip();
    }

    Path work(String name) {
        return folder.resolve(name);
    }

    private static String run(Path directory, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + text);
            }
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        return text;
    }

    /** {@code /git/NAME.git/…} is {@code NAME/.git/…} in the folder. */
    private void answer(HttpExchange exchange) throws IOException {
        String path =
                exchange.getRequestURI().getPath().substring("/git".length()).replaceFirst("\\.git", "/.git");
        ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
        Map<String, String> environment = backend.environment();
        environment.put("GIT_PROJECT_ROOT", folder.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("PATH_INFO", path);
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put(
                "QUERY_STRING",
                exchange.getRequestURI().getRawQuery() == null
                        ? ""
                        : exchange.getRequestURI().getRawQuery());
        for (String header : List.of("Content-Type", "Content-Encoding", "Git-Protocol")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                String name = header.toUpperCase().replace('-', '_');
                environment.put(name.equals("CONTENT_TYPE") ? name : "HTTP_" + name, value);
            }
        }
        Process process = backend.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var stdin = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(stdin);
        }
        try (InputStream out = new BufferedInputStream(process.getInputStream())) {
            int status = 200;
            for (String line = line(out); !line.isEmpty(); line = line(out)) {
                String[] header = line.split(": ", 2);
                if (header[0].equals("Status")) {
                    status = Integer.parseInt(header[1].substring(0, 3));
                } else {
                    exchange.getResponseHeaders().set(header[0], header[1]);
                }
            }
            WebServer.send(exchange, status, out.readAllBytes());
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
