package dev.wherry.daemon.container.files;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.snapshot.LiveLayers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files that go into containers which do not run, or are about to. */
class ContainerArchivesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static BusyboxHost host;
    private static ContainerArchives archives;

    @BeforeAll
    static void open() throws Exception {
        host = new BusyboxHost();
        archives = new ContainerArchives(
                host.containers,
                host.lifecycle,
                new LiveLayers(host.snapshotter),
                host.layout,
                host.snapshotter,
                host.volumes,
                new ContainerActivity(host.events));
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    private static byte[] tar(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(text.length());
            tar.putArchiveEntry(entry);
            tar.write(text.getBytes(StandardCharsets.US_ASCII));
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static void copy(Container container, String folder, InputStream tar) {
        archives.copyTo(container.id(), folder, false, false, tar);
    }

    private static Container container(MountRequest... mounts) throws Exception {
        ObjectNode config = JSON.valueToTree(config("sleep", "1000"));
        config.set("mounts", JSON.valueToTree(List.of(mounts)));
        return host.lifecycle.create("", JSON.treeToValue(config, ContainerConfig.class));
    }

    private static MountRequest bind(Path source, String target, boolean readOnly) {
        return new MountRequest(
                MountRequest.Type.BIND, source.toString(), target, readOnly, "", false, false, 0, 0, List.of());
    }

    @Test
    void copyIntoABoundFolderOfAStoppedContainerGoesToTheHost() throws Exception {
        Path outer = Files.createDirectory(host.folder.resolve("outer"));
        Path inner = Files.createDirectory(host.folder.resolve("inner"));
        Container container = container(bind(inner, "/new/b/inner", false), bind(outer, "/new/b", false));

        copy(container, "/new/b", new ByteArrayInputStream(tar("f", "outer")));
        copy(container, "/new/b/inner", new ByteArrayInputStream(tar("f", "inner")));

        assertThat(outer.resolve("f")).hasContent("outer");
        assertThat(inner.resolve("f")).hasContent("inner");
        assertThat(archives.stat(container.id(), "/new/b/inner/f").size()).isEqualTo(5);
        assertThat(archives.diff(container.id())).isEmpty();
        assertThat(Mounts.list())
                .filteredOn(mount -> mount.target().startsWith(host.folder))
                .noneMatch(mount -> mount.target().startsWith(host.layout.steps()));
    }

    @Test
    void copyDoesNotFollowALinkOutOfTheFolderThatAMountIsConfinedTo() throws Exception {
        Path outside = Files.createDirectory(host.folder.resolve("outside"));
        Path listed = Files.createDirectory(host.folder.resolve("listed"));
        Path source = Files.createDirectory(listed.resolve("source"));
        Container container = container(bind(source, "/bound", false).within(listed));

        copy(container, "/bound", new ByteArrayInputStream(tar("f", "inside")));
        assertThat(source.resolve("f")).hasContent("inside");

        Files.delete(source.resolve("f"));
        Files.delete(source);
        Files.createSymbolicLink(source, outside);
        assertThatThrownBy(() -> copy(container, "/bound", new ByteArrayInputStream(tar("f", "x"))))
                .isInstanceOf(ForbiddenException.class);
        assertThat(outside.resolve("f")).doesNotExist();
    }

    @Test
    void copyIntoAFolderBoundReadOnlyIsRefused() throws Exception {
        Path source = Files.createDirectory(host.folder.resolve("fixed"));
        Container container = container(bind(source, "/fixed", true));

        assertThatThrownBy(() -> copy(container, "/fixed", new ByteArrayInputStream(tar("f", "x"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("cannot copy to /fixed: it is on a read-only file system");
        assertThat(source).isEmptyDirectory();
    }

    @Test
    void linkOfAnImageIsNotFollowedToTheHost() throws Exception {
        Path source = Files.createDirectory(host.folder.resolve("linked"));
        Files.createSymbolicLink(source.resolve("escape"), Path.of(host.folder.toString()));
        Container container = container(bind(source, "/b", false), bind(source, "/b/escape/deep", false));

        assertThat(archives.stat(container.id(), "/b/").name()).isEqualTo("b");

        assertThat(host.folder.resolve("deep")).doesNotExist();
    }

    @Test
    void startWaitsForACopyIntoTheStoppedContainerAndSeesIt() throws Exception {
        Container container = container();
        byte[] tar = tar("copied", "whole");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                PipedOutputStream client = new PipedOutputStream();
                PipedInputStream stream = new PipedInputStream(client, 1 << 16)) {
            client.write(tar, 0, 512);
            Future<?> copying = threads.submit(() -> copy(container, "/", stream));
            while (stream.available() > 0) {
                Thread.onSpinWait();
            }
            Future<?> starting = threads.submit(() -> {
                host.lifecycle.start(container.id());
                return null;
            });
            client.write(tar, 512, tar.length - 512);
            client.close();

            copying.get(30, TimeUnit.SECONDS);
            starting.get(30, TimeUnit.SECONDS);
        }

        int pid = host.containers.get(container.id()).pid();
        assertThat(Path.of("/proc/" + pid + "/root/copied")).hasContent("whole");
    }
}
