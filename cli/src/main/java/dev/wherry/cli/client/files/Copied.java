package dev.wherry.cli.client.files;

import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.CopyFromRequest;
import dev.wherry.v1.CopyFromResponse;
import dev.wherry.v1.CopyFromVolumeRequest;
import dev.wherry.v1.CopyToRequest;
import dev.wherry.v1.CopyToResponse;
import dev.wherry.v1.CopyToTarget;
import dev.wherry.v1.CopyToVolumeRequest;
import dev.wherry.v1.CopyToVolumeResponse;
import dev.wherry.v1.CopyToVolumeTarget;
import io.grpc.stub.BlockingClientCall;

/** What files are copied from and to, each by calls of its own service. */
sealed interface Copied {

    /** Begins to receive what is at a path. */
    BlockingClientCall<?, CopyFromResponse> from(String name, String path, boolean statOnly);

    /** Begins to send into a folder. */
    Upload<?, ?> to(String name, String path, boolean toUser);

    /** A container, by its name or ID. */
    record OfContainer(DaemonChannel daemon) implements Copied {
        @Override
        public BlockingClientCall<?, CopyFromResponse> from(String name, String path, boolean statOnly) {
            return daemon.containerStreams()
                    .copyFrom(CopyFromRequest.newBuilder()
                            .setContainer(name)
                            .setPath(path)
                            .setStatOnly(statOnly)
                            .build());
        }

        @Override
        public Upload<CopyToRequest, CopyToResponse> to(String name, String path, boolean toUser) {
            CopyToTarget.Builder target =
                    CopyToTarget.newBuilder().setContainer(name).setPath(path).setToUser(toUser);
            return new Upload<>(
                    daemon.containerStreams().copyTo(),
                    CopyToRequest.newBuilder().setTarget(target).build(),
                    data -> CopyToRequest.newBuilder().setData(data).build());
        }
    }

    /**
     * A volume, by its name.
     *
     * @param imports whether the volume is made if there is none
     */
    record OfVolume(DaemonChannel daemon, boolean imports) implements Copied {
        @Override
        public BlockingClientCall<?, CopyFromResponse> from(String name, String path, boolean statOnly) {
            return daemon.volumeStreams()
                    .copyFrom(CopyFromVolumeRequest.newBuilder()
                            .setVolume(name)
                            .setPath(path)
                            .setStatOnly(statOnly)
                            .build());
        }

        @Override
        public Upload<CopyToVolumeRequest, CopyToVolumeResponse> to(String name, String path, boolean toUser) {
            CopyToVolumeTarget.Builder target = CopyToVolumeTarget.newBuilder()
                    .setVolume(name)
                    .setPath(path)
                    .setImport(imports);
            return new Upload<>(
                    daemon.volumeStreams().copyTo(),
                    CopyToVolumeRequest.newBuilder().setTarget(target).build(),
                    data -> CopyToVolumeRequest.newBuilder().setData(data).build());
        }
    }
}
