package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions.Format;
import dev.wherry.daemon.image.archive.ImageLoader;
import dev.wherry.daemon.image.archive.ImageSaver;
import dev.wherry.daemon.image.archive.LoadedImage;
import dev.wherry.daemon.image.archive.SaveOptions;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import dev.wherry.v1.LoadImagesRequest;
import dev.wherry.v1.LoadImagesResponse;
import dev.wherry.v1.SaveImagesRequest;
import dev.wherry.v1.SaveImagesResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Images on their way to archives and back. */
@Singleton
final class ArchiveCalls {

    private final CallRunner calls;
    private final ImageSaver saver;
    private final ImageLoader loader;

    ArchiveCalls(CallRunner calls, ImageSaver saver, ImageLoader loader) {
        this.calls = calls;
        this.saver = saver;
        this.loader = loader;
    }

    Multi<SaveImagesResponse> save(SaveImagesRequest request) {
        return calls.stream(out -> {
            if (request.getImagesCount() == 0) {
                throw new InvalidInputException("name at least one image to save").in("images");
            }
            SaveOptions options = new SaveOptions(
                    format(request.getFormat()), request.getImagesList(), platform(request.getPlatform()));
            if (request.getFolder()) {
                saver.save(options, new EntrySender(out));
                return;
            }
            try (ChunkOutput<SaveImagesResponse> stream = chunks(out)) {
                saver.save(options, new TarWriter(stream));
            }
        });
    }

    static ChunkOutput<SaveImagesResponse> chunks(ResponseSender<SaveImagesResponse> out) {
        return new ChunkOutput<>(
                out, data -> SaveImagesResponse.newBuilder().setData(data).build());
    }

    private static Format format(SaveImagesRequest.Format format) {
        return switch (format) {
            case FORMAT_UNSPECIFIED, FORMAT_DOCKER -> Format.DOCKER;
            case FORMAT_OCI -> Format.OCI;
            case UNRECOGNIZED -> throw new InvalidInputException("this wherryd knows no such format of an archive");
        };
    }

    Uni<LoadImagesResponse> load(Multi<LoadImagesRequest> requests) {
        return calls.receive(requests, in -> {
            String platform = in.next()
                    .filter(LoadImagesRequest::hasOptions)
                    .orElseThrow(() -> new InvalidInputException("a load begins with its options"))
                    .getOptions()
                    .getPlatform();
            LoadImagesResponse.Builder response = LoadImagesResponse.newBuilder();
            for (LoadedImage image : loader.load(
                    new RequestStream<>(in, request -> request.hasChunk() ? request.getChunk() : ByteString.EMPTY),
                    platform(platform))) {
                response.addImages(dev.wherry.v1.LoadedImage.newBuilder()
                        .setReference(image.reference().map(Reference::familiar).orElse(""))
                        .setImageId(image.image().toString())
                        .setArchiveName(image.archiveName()));
            }
            return response.build();
        });
    }

    private static Optional<Platform> platform(String text) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(RequestField.read("platform", () -> Platform.parse(text)));
    }
}
