package dev.wherry.daemon.api.docker.container;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.GoFileMode;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.files.ContainerArchives;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.snapshot.files.PathStat;
import dev.wherry.daemon.snapshot.layer.ChangedPath;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** The files of containers. */
@Singleton
final class ArchiveRoutes implements RouteSource {

    private static final String TAR = "application/x-tar";
    private static final String STAT = "X-Docker-Container-Path-Stat";

    private final Containers containers;
    private final ContainerArchives archives;

    ArchiveRoutes(Containers containers, ContainerArchives archives) {
        this.containers = containers;
        this.archives = archives;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("HEAD", "/containers/{id}/archive", "ContainerService/CopyFrom", this::stat)
                .add("GET", "/containers/{id}/archive", "ContainerService/CopyFrom", this::copyFrom)
                .add("PUT", "/containers/{id}/archive", "ContainerService/CopyTo", this::copyTo)
                .add("GET", "/containers/{id}/export", "ContainerService/Export", this::export)
                .add("GET", "/containers/{id}/changes", "ContainerService/Diff", this::changes);
    }

    private static String path(Exchange call) {
        String path = call.parameters().text("path");
        if (path.isEmpty()) {
            throw new InvalidInputException("missing query parameter: path").in("path");
        }
        return path;
    }

    private void stat(Exchange call) {
        call.with(STAT, encoded(archives.stat(call.variable("id"), path(call)))).empty(200);
    }

    private void copyFrom(Exchange call) throws IOException {
        OutputStream[] out = new OutputStream[1];
        archives.copyFrom(
                call.variable("id"),
                path(call),
                false,
                stat -> out[0] = call.with(STAT, encoded(stat)).stream(200, TAR),
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        out[0].write(one);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out[0].write(bytes, offset, length);
                    }
                });
    }

    static String encoded(PathStat stat) {
        Instant modified = Instant.ofEpochSecond(0, stat.modifiedNanos());
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("name", stat.name())
                .put("size", stat.size())
                .put("mode", GoFileMode.of(stat.mode()))
                .put("mtime", modified.toString())
                .put("linkTarget", stat.linkTarget());
        return Base64.getEncoder().encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void copyTo(Exchange call) throws IOException {
        String path = path(call);
        containers.get(call.variable("id"));
        try (InputStream tar = Decompression.of("the archive", call.body(), _ -> {})) {
            archives.copyTo(
                    call.variable("id"),
                    path,
                    call.parameters().flag("copyUIDGID"),
                    !call.parameters().flag("noOverwriteDirNonDir"),
                    tar);
        }
        call.empty(200);
    }

    private void export(Exchange call) throws IOException {
        containers.get(call.variable("id"));
        try (OutputStream out = call.stream(200, TAR)) {
            archives.export(call.variable("id"), out);
        }
    }

    private void changes(Exchange call) {
        ArrayNode changes = JsonNodeFactory.instance.arrayNode();
        for (ChangedPath change : archives.diff(call.variable("id"))) {
            changes.addObject()
                    .put("Path", change.path())
                    .put(
                            "Kind",
                            switch (change.kind()) {
                                case MODIFIED -> 0;
                                case ADDED -> 1;
                                case DELETED -> 2;
                            });
        }
        call.json(200, changes.isEmpty() ? JsonNodeFactory.instance.nullNode() : changes);
    }
}
