package dev.wherry.daemon;

import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.api.json.ContainerJson;
import dev.wherry.daemon.api.json.ContainerJsons;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.lifecycle.ContainerTable;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.container.log.Logs;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.network.NetworkStores;
import dev.wherry.daemon.network.lifecycle.EndpointsOf;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeSettings;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import dev.wherry.daemon.volume.Volumes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A private daemon's stores with one image, busybox; everything goes when it is closed. */
public final class BusyboxHost implements AutoCloseable {

    private static final String[] PROGRAMS = {
        "sh", "true", "cat", "echo", "sleep", "id", "pwd", "env", "ls", "stty", "ip", "readlink"
    };

    public final Path folder;
    public final PrivateStores stores;
    public final Layout layout;
    public final Snapshotter snapshotter;
    public final OciRuntime runc = runtime("runc");
    public final SnapshotId base;
    public Containers containers;
    public Lifecycle lifecycle;
    public Logs logs;
    public ContainerJson inspection;
    public Events events;
    public Volumes volumes;
    public final Quotas quotas = new Quotas(AccessSettings.DEFAULT);
    private final Lease lease;

    public BusyboxHost() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "container-test-");
        stores = new PrivateStores(folder);
        layout = stores.layout;
        snapshotter = Snapshotters.open(stores);
        lease = stores.leases.open();
        base = snapshotter.importTar(lease, new ByteArrayInputStream(rootfs()));
        restart();
    }

    /** Drops what is in memory and begins again with what is on disk, as a new daemon does. */
    public void restart() {
        restart(runc);
    }

    /** As above, with another runtime. */
    public void restart(OciRuntime runc) {
        if (lifecycle != null) {
            lifecycle.close();
        }
        events = new Events(stores.database);
        volumes = new Volumes(stores.database, events, layout);
        ContainerTable table = new ContainerTable(stores.database);
        containers = table;
        NetworkStores rows = new NetworkStores(stores.database, events, layout);
        inspection = ContainerJsons.of(layout, runc, rows.networks, table);
        logs = new Logs(containers, layout);
        lifecycle = new Lifecycle(
                table,
                stores.database,
                events,
                layout,
                stores.leases,
                snapshotter,
                (_, _) -> image(),
                runc,
                new Conmon(runc),
                volumes,
                rows.networks,
                EndpointsOf.daemon(stores, rows),
                quotas);
        lifecycle.recover(Set.of(), running -> {});
    }

    /** An OCI runtime, by name or path. */
    public static OciRuntime runtime(String program) {
        return new OciRuntime(new RuntimeSettings(program, Map.of(), CgroupDriver.ofHost()));
    }

    /** Leaves the containers without anybody who learns of their end. */
    public void stopWatching() {
        lifecycle.close();
    }

    private Image image() {
        Digest any = Digest.sha256("busybox");
        ImageConfig config = new ImageConfig(null, null, "amd64", null, "linux", null, null, null, null);
        return new Image(any, any, config, Optional.of(base), 0);
    }

    /** A container on no network. */
    public static ContainerConfig config(String... args) {
        return config("none", false, args);
    }

    /** A container on the host's network. */
    public static ContainerConfig onHostNetwork(String... args) {
        return config("host", false, args);
    }

    /** A container on no network that is removed when it ends. */
    public static ContainerConfig removed(String... args) {
        return config("none", true, args);
    }

    private static ContainerConfig config(String network, boolean autoRemove, String... args) {
        return new ContainerConfig(
                "busybox",
                List.of(args),
                List.of(),
                List.of(),
                "",
                "",
                false,
                false,
                false,
                autoRemove,
                network,
                "",
                Map.of(),
                "");
    }

    private static byte[] rootfs() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            file(tar, "bin/busybox", 0755, Files.readAllBytes(Path.of("/bin/busybox")));
            for (String program : PROGRAMS) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + program, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
            file(tar, "etc/passwd", 0644, text("root:x:0:0:root:/root:/bin/sh\nada:x:1000:1001::/home/ada:/bin/sh\n"));
            file(tar, "etc/group", 0644, text("root:x:0:\nada:x:1001:\nwheel:x:10:root,ada\n"));
            file(tar, "plain", 0644, text("not a program\n"));
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Keeps what a process writes. */
    public static final class Output implements OutputSink {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        @Override
        public synchronized void stdout(byte[] chunk) {
            out.writeBytes(chunk);
        }

        @Override
        public synchronized void stderr(byte[] chunk) {
            err.writeBytes(chunk);
        }

        public synchronized String out() {
            return out.toString(StandardCharsets.UTF_8);
        }

        public synchronized String err() {
            return err.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            for (var container : containers.list(true)) {
                lifecycle.remove(container.id(), true, true);
            }
        } finally {
            lifecycle.close();
            lease.close();
            for (Mounts.Mount mount : Mounts.list().reversed()) {
                if (mount.target().startsWith(folder)) {
                    Mounts.unmount(mount.target());
                }
            }
            // The last processes of containers may still write to their folders.
            await().ignoreExceptions().untilAsserted(() -> FileTrees.remove(folder));
        }
    }
}
