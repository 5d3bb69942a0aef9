package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.files.ImageFiles;
import dev.wherry.daemon.snapshot.stack.StackWeight;
import dev.wherry.v1.CompareImagesRequest;
import dev.wherry.v1.CompareImagesResponse;
import dev.wherry.v1.FileDifference;
import dev.wherry.v1.FolderWeight;
import dev.wherry.v1.ImageFile;
import dev.wherry.v1.ImageFileService;
import dev.wherry.v1.LayerWeight;
import dev.wherry.v1.ListImageFilesRequest;
import dev.wherry.v1.ListImageFilesResponse;
import dev.wherry.v1.ReadImageFileRequest;
import dev.wherry.v1.ReadImageFileResponse;
import dev.wherry.v1.WastedFile;
import dev.wherry.v1.WeighImageRequest;
import dev.wherry.v1.WeighImageResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import java.util.Optional;

/** The files of images over the API. */
@GrpcService
final class ImageFileEndpoint implements ImageFileService {

    private final CallRunner calls;
    private final ImageFiles images;

    ImageFileEndpoint(CallRunner calls, ImageFiles images) {
        this.calls = calls;
        this.images = images;
    }

    @Override
    public Multi<ListImageFilesResponse> listFiles(ListImageFilesRequest request) {
        return calls.stream(out -> {
            Batches<ImageFile, ListImageFilesResponse> files = new Batches<>(
                    out,
                    batch -> ListImageFilesResponse.newBuilder()
                            .addAllFiles(batch)
                            .build());
            images.list(
                    request.getImage(),
                    platform(request.getPlatform()),
                    request.getPath(),
                    request.getDepth(),
                    image -> files.first(ListImageFilesResponse.newBuilder()
                            .setLayers(ImageFileMessages.layers(image))
                            .build()),
                    file -> files.add(ImageFileMessages.file(file)));
            files.send();
        });
    }

    @Override
    public Multi<ReadImageFileResponse> readFile(ReadImageFileRequest request) {
        return calls.stream(out -> {
            ChunkOutput<ReadImageFileResponse> content = new ChunkOutput<>(
                    out,
                    data -> ReadImageFileResponse.newBuilder().setData(data).build());
            images.read(request.getImage(), platform(request.getPlatform()), request.getPath(), content);
            content.close();
        });
    }

    @Override
    public Multi<CompareImagesResponse> compare(CompareImagesRequest request) {
        return calls.stream(out -> {
            Batches<FileDifference, CompareImagesResponse> files = new Batches<>(
                    out,
                    batch -> CompareImagesResponse.newBuilder()
                            .addAllFiles(batch)
                            .build());
            images.compare(
                    request.getBefore(),
                    request.getAfter(),
                    platform(request.getPlatform()),
                    sides -> files.first(ImageFileMessages.sides(sides)),
                    change -> files.add(ImageFileMessages.change(change)));
            files.send();
        });
    }

    @Override
    public Multi<WeighImageResponse> weigh(WeighImageRequest request) {
        return calls.stream(out ->
                send(images.weigh(request.getImage(), platform(request.getPlatform()), request.getDepth()), out));
    }

    private static Optional<Platform> platform(String text) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(RequestField.read("platform", () -> Platform.parse(text)));
    }

    private static void send(ImageFiles.Weighed weighed, ResponseSender<WeighImageResponse> out) {
        WeighImageResponse.Builder first =
                WeighImageResponse.newBuilder().setLayers(ImageFileMessages.layers(weighed.image()));
        weighed.weight()
                .layers()
                .forEach(layer -> first.addLayerWeights(LayerWeight.newBuilder()
                        .setNumber(layer.layer())
                        .setSizeBytes(layer.bytes())
                        .setFiles(layer.files())
                        .setWastedBytes(layer.wastedBytes())));
        Batches<FolderWeight, WeighImageResponse> folders = new Batches<>(
                out,
                batch -> WeighImageResponse.newBuilder().addAllFolders(batch).build());
        folders.first(first.build());
        for (StackWeight.FolderTotal folder : weighed.weight().folders()) {
            folders.add(FolderWeight.newBuilder()
                    .setPath("/" + folder.path())
                    .setSizeBytes(folder.bytes())
                    .setFiles(folder.files())
                    .build());
        }
        folders.send();
        Batches<WastedFile, WeighImageResponse> wasted = new Batches<>(
                out,
                batch -> WeighImageResponse.newBuilder().addAllWasted(batch).build());
        for (StackWeight.Wasted file : weighed.weight().wasted()) {
            wasted.add(WastedFile.newBuilder()
                    .setPath("/" + file.path())
                    .setCopies(file.copies())
                    .setWastedBytes(file.bytes())
                    .setRemoved(file.removed())
                    .setWriter(file.writer())
                    .setHider(file.hider())
                    .build());
        }
        wasted.send();
    }
}
