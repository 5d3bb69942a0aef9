package dev.wherry.daemon.metadata;

import java.nio.file.Path;

/**
 * Where the daemon keeps what it owns. Two daemons with different roots never touch each other.
 *
 * @param root what survives a reboot: database, blobs, snapshots, containers
 * @param runRoot what does not: sockets, bundles, mounts, exit files
 */
public record Layout(Path root, Path runRoot) {

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

    /** Network namespaces, as mounts named by their owners. */
    public Path networkNamespaces() {
        return runRoot.resolve("netns");
    }

    /** Work files of the network: what aardvark-dns reads, among others. Nothing in it outlives a reboot. */
    public Path network() {
        return runRoot.resolve("network");
    }
}
