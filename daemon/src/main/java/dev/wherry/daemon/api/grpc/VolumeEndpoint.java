package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.json.VolumeJson;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.snapshot.files.PathStat;
import dev.wherry.daemon.volume.PrunedVolumes;
import dev.wherry.daemon.volume.Volume;
import dev.wherry.daemon.volume.VolumeArchives;
import dev.wherry.daemon.volume.VolumeRequest;
import dev.wherry.daemon.volume.Volumes;
import dev.wherry.v1.CopyFromResponse;
import dev.wherry.v1.CopyFromVolumeRequest;
import dev.wherry.v1.CopyToVolumeRequest;
import dev.wherry.v1.CopyToVolumeResponse;
import dev.wherry.v1.CopyToVolumeTarget;
import dev.wherry.v1.CreateVolumeRequest;
import dev.wherry.v1.CreateVolumeResponse;
import dev.wherry.v1.InspectVolumeRequest;
import dev.wherry.v1.InspectVolumeResponse;
import dev.wherry.v1.ListVolumesRequest;
import dev.wherry.v1.ListVolumesResponse;
import dev.wherry.v1.PruneVolumesRequest;
import dev.wherry.v1.PruneVolumesResponse;
import dev.wherry.v1.RemoveVolumeRequest;
import dev.wherry.v1.RemoveVolumeResponse;
import dev.wherry.v1.VolumeService;
import dev.wherry.v1.VolumeSummary;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.InputStream;

/** Volumes over the API. */
@GrpcService
final class VolumeEndpoint implements VolumeService {

    private final CallRunner calls;
    private final Volumes volumes;
    private final VolumeArchives archives;

    VolumeEndpoint(CallRunner calls, Volumes volumes, VolumeArchives archives) {
        this.calls = calls;
        this.volumes = volumes;
        this.archives = archives;
    }

    @Override
    public Uni<CreateVolumeResponse> create(CreateVolumeRequest request) {
        return calls.on(() -> {
            Volume volume = volumes.create(new VolumeRequest(
                    request.getName(), request.getDriver(), request.getOptionsMap(), request.getLabelsMap()));
            return CreateVolumeResponse.newBuilder().setName(volume.name()).build();
        });
    }

    @Override
    public Uni<ListVolumesResponse> list(ListVolumesRequest request) {
        return calls.on(() -> {
            ListVolumesResponse.Builder response = ListVolumesResponse.newBuilder();
            for (Volume volume : volumes.list(FilterMessages.filters(request.getFiltersList()))) {
                response.addVolumes(summary(volume, request.getSize()));
            }
            return response.build();
        });
    }

    private VolumeSummary.Builder summary(Volume volume, boolean size) {
        VolumeSummary.Builder summary = VolumeSummary.newBuilder()
                .setName(volume.name())
                .setDriver(volume.driver())
                .setMountPoint(volumes.mountPoint(volume).toString())
                .putAllLabels(volume.labels())
                .putAllOptions(volume.options())
                .setCreatedNanos(Times.nanos(volume.createdAt()))
                .setContainers(volumes.holders(volume.name()).size());
        return size ? summary.setSizeBytes(volumes.size(volume)) : summary;
    }

    @Override
    public Uni<InspectVolumeResponse> inspect(InspectVolumeRequest request) {
        return calls.on(() -> {
            Volume volume = volumes.get(request.getName());
            return InspectVolumeResponse.newBuilder()
                    .setJson(VolumeJson.of(volume, volumes.mountPoint(volume)))
                    .build();
        });
    }

    @Override
    public Uni<RemoveVolumeResponse> remove(RemoveVolumeRequest request) {
        return calls.on(() -> {
            volumes.remove(request.getName(), request.getForce());
            return RemoveVolumeResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<PruneVolumesResponse> prune(PruneVolumesRequest request) {
        return calls.on(() -> {
            PrunedVolumes pruned = volumes.prune(FilterMessages.filters(request.getFiltersList()));
            return PruneVolumesResponse.newBuilder()
                    .addAllRemoved(pruned.names())
                    .setReclaimedBytes(pruned.bytes())
                    .build();
        });
    }

    @Override
    public Multi<CopyFromResponse> copyFrom(CopyFromVolumeRequest request) {
        return calls.stream(out -> {
            if (request.getStatOnly()) {
                PathStat stat = archives.stat(request.getVolume(), request.getPath());
                out.send(FileCalls.message(stat));
                return;
            }
            ChunkOutput<CopyFromResponse> tar = new ChunkOutput<>(
                    out, data -> CopyFromResponse.newBuilder().setData(data).build());
            archives.copyFrom(
                    request.getVolume(), request.getPath(), request.getFollowLink(), FileCalls.sendingTo(out), tar);
            tar.close();
        });
    }

    @Override
    public Uni<CopyToVolumeResponse> copyTo(Multi<CopyToVolumeRequest> requests) {
        return calls.receive(requests, in -> {
            CopyToVolumeTarget target = in.next()
                    .filter(CopyToVolumeRequest::hasTarget)
                    .orElseThrow(() -> new InvalidInputException("a copy begins with where it goes"))
                    .getTarget();
            InputStream stream =
                    new RequestStream<>(in, request -> request.hasData() ? request.getData() : ByteString.EMPTY);
            if (target.getImport()) {
                archives.importTar(target.getVolume(), plain(stream));
            } else {
                archives.copyTo(target.getVolume(), target.getPath(), target.getOverwriteKind(), stream);
            }
            return CopyToVolumeResponse.getDefaultInstance();
        });
    }

    private static InputStream plain(InputStream stream) throws IOException {
        return Decompression.of("the tar archive", stream, _ -> {});
    }
}
