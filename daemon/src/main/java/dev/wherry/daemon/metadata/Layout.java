package dev.wherry.daemon.metadata;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the daemon keeps what it owns. Two daemons with different roots never touch each other.
 *
 * @param root what survives a reboot: database, blobs, snapshots, containers
 * @param runRoot what does not: sockets, bundles, mounts, exit files
 * @param above of the first daemon, if this is of a namespace
 */
public record Layout(Path root, Path runRoot, Optional<Layout> above) {

    /** Of a first daemon. */
    public Layout(Path root, Path runRoot) {
        this(root, runRoot, Optional.empty());
    }

    public Path database() {
        return root.resolve("wherry.db");
    }

    /** Blobs by digest: {@code content/blobs/sha256/…}. */
    public Path blobs() {
        return root.resolve("content/blobs");
    }

    /** Blobs that are still arriving. */
    public Path ingests() {
        return root.resolve("content/ingest");
    }

    /** One folder a snapshot, named by its number: {@code fs} and {@code work}. */
    public Path snapshots() {
        return root.resolve("snapshots");
    }

    /** What {@code RUN --mount=type=cache} keeps from build to build: one folder a cache, named by its number. */
    public Path cacheMounts() {
        return root.resolve("cache-mounts");
    }

    /** What build steps write and is thrown away with them; empty when the daemon starts. */
    public Path scratch() {
        return root.resolve("scratch");
    }

    /** One folder a container, named by its ID: its log and what else survives a reboot. */
    public Path containers() {
        return root.resolve("containers");
    }

    /** One folder a volume, named as the volume: its files are in {@code _data}. */
    public Path volumes() {
        return root.resolve("volumes");
    }

    /** What is known of the build contexts seen so far. */
    public Path contexts() {
        return root.resolve("contexts");
    }

    /** What the history of builds keeps besides the database: lists of files, and the output of steps. */
    public Path history() {
        return root.resolve("history");
    }

    /** One folder a container: bundle, attach socket, pid files. */
    public Path runningContainers() {
        return runRoot.resolve("containers");
    }

    /** Where conmon writes a container's exit code, in a file named by its ID. */
    public Path exits() {
        return runRoot.resolve("exits");
    }

    /** One folder for each process that runs in a container beside its first: its spec, its exit code, its sockets. */
    public Path execs() {
        return runRoot.resolve("execs");
    }

    /** Mount points and bundles of build steps; nothing in it outlives the daemon. */
    public Path steps() {
        return runRoot.resolve("steps");
    }

    /** Sockets over which the sessions of builds are passed on, for the moment of their beginning. */
    public Path sessions() {
        return runRoot.resolve("sessions");
    }

    /** Network namespaces, as mounts named by their owners. */
    public Path networkNamespaces() {
        return runRoot.resolve("netns");
    }

    /** One folder a sandbox of a pod, named by its ID: its namespaces, its shared memory, its name files. */
    public Path sandboxes() {
        return runRoot.resolve("pods");
    }

    /** Work files of the network: what aardvark-dns reads, among others. Nothing in it outlives a reboot. */
    public Path network() {
        return runRoot.resolve("network");
    }

    /** Where the daemon of a namespace keeps what it owns, in the folders of the first daemon. */
    public Layout namespace(String name) {
        return new Layout(namespaces().resolve(name), runningNamespaces().resolve(name), Optional.of(this));
    }

    /** Of the first daemon, which may be this one. */
    public Layout first() {
        return above.orElse(this);
    }

    /** Of the first daemon, and of every namespace that has a root in it. */
    public List<Layout> withNamespaces() throws IOException {
        List<Layout> all = new ArrayList<>(List.of(this));
        try (DirectoryStream<Path> roots = Files.newDirectoryStream(namespaces(), Files::isDirectory)) {
            roots.forEach(root -> all.add(namespace(root.getFileName().toString())));
        } catch (NoSuchFileException none) {
            // No namespace was ever used.
        }
        return all;
    }

    /** The roots of namespaces, which only root may enter. */
    public Path namespaces() {
        return root.resolve("namespaces");
    }

    /** The run roots of namespaces, which only root may enter. */
    public Path runningNamespaces() {
        return runRoot.resolve("namespaces");
    }

    /** Where the first daemon hands over the connections of a namespace. */
    public Path relaySocket() {
        return runRoot.resolve("relay.sock");
    }

    /** The same, of connections on which Docker's API is spoken. */
    public Path dockerRelaySocket() {
        return runRoot.resolve("docker.relay");
    }

    /** Where the daemon of a namespace answers the first one, which Prometheus asks. */
    public Path metricsSocket() {
        return runRoot.resolve("metrics.sock");
    }

    /** Says that the daemon of a namespace ended in order, and left nothing that needs a daemon. */
    public Path idleMark() {
        return root.resolve("idle");
    }
}
