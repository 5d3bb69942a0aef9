package dev.wherry.daemon.network.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.error.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is connected, one file a pod. A file is there before the first plugin runs and until the last one has undone its
 * work, also over a reboot: addresses are the plugins' own, and are only given back by running them.
 */
final class CniAttachments {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENDING = ".json";

    private final Path folder;

    CniAttachments(Path folder) {
        this.folder = folder;
    }

    /**
     * A pod's connection.
     *
     * @param namespace the file of its network namespace
     * @param args the value of {@code CNI_ARGS}
     * @param result the answer of the last plugin; empty while they run, and if they failed
     */
    record Attachment(
            String pod,
            Path namespace,
            String args,
            ObjectNode capabilities,
            CniConfiguration configuration,
            Optional<JsonNode> result) {

        Attachment with(JsonNode answer) {
            return new Attachment(pod, namespace, args, capabilities, configuration, Optional.of(answer));
        }
    }

    Optional<Attachment> get(String pod) {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file(pod)));
            return Optional.of(new Attachment(
                    pod,
                    Path.of(json.path("namespace").asText()),
                    json.path("args").asText(),
                    json.path("capabilities") instanceof ObjectNode given
                            ? given
                            : JsonNodeFactory.instance.objectNode(),
                    CniConfiguration.parse(json.path("configuration").toString()),
                    Optional.ofNullable(json.get("result"))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException failure) {
            throw new HostException("cannot read " + file(pod) + ": " + failure.getMessage(), failure);
        }
    }

    void put(Attachment attachment) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("namespace", attachment.namespace().toString())
                .put("args", attachment.args());
        json.set("capabilities", attachment.capabilities());
        json.set("configuration", attachment.configuration().json());
        attachment.result().ifPresent(result -> json.set("result", result));
        Path file = file(attachment.pod());
        Path part = file.resolveSibling(attachment.pod() + ".part");
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.write(part, JSON.writeValueAsBytes(json));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new HostException("cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    void remove(String pod) {
        try {
            Files.deleteIfExists(file(pod));
        } catch (IOException failure) {
            throw new HostException("cannot remove " + file(pod) + ": " + failure.getMessage(), failure);
        }
    }

    /** The pods that have one. */
    List<String> pods() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException failure) {
            throw new HostException("cannot read " + folder + ": " + failure.getMessage(), failure);
        }
    }

    private Path file(String pod) {
        return folder.resolve(pod + ENDING);
    }
}
