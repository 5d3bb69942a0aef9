package dev.wherry.daemon.api.cri;

import com.google.protobuf.ByteString;
import dev.wherry.cri.v1.AuthConfig;
import dev.wherry.cri.v1.FilesystemIdentifier;
import dev.wherry.cri.v1.FilesystemUsage;
import dev.wherry.cri.v1.Image;
import dev.wherry.cri.v1.ImageFilter;
import dev.wherry.cri.v1.ImageFsInfoRequest;
import dev.wherry.cri.v1.ImageFsInfoResponse;
import dev.wherry.cri.v1.ImageService;
import dev.wherry.cri.v1.ImageSpec;
import dev.wherry.cri.v1.ImageStatusRequest;
import dev.wherry.cri.v1.ImageStatusResponse;
import dev.wherry.cri.v1.Int64Value;
import dev.wherry.cri.v1.ListImagesRequest;
import dev.wherry.cri.v1.ListImagesResponse;
import dev.wherry.cri.v1.PullImageRequest;
import dev.wherry.cri.v1.PullImageResponse;
import dev.wherry.cri.v1.RemoveImageRequest;
import dev.wherry.cri.v1.RemoveImageResponse;
import dev.wherry.cri.v1.StreamImagesRequest;
import dev.wherry.cri.v1.StreamImagesResponse;
import dev.wherry.cri.v1.UInt64Value;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.ImageName;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.pull.PullProgress;
import dev.wherry.daemon.image.pull.Puller;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images for a kubelet: the same ones that {@code wherry images} lists. */
@GrpcService
final class CriImageEndpoint implements ImageService {

    private final CallRunner calls;
    private final ImageStore images;
    private final Puller puller;
    private final Layout layout;

    CriImageEndpoint(CallRunner calls, ImageStore images, Puller puller, Layout layout) {
        this.calls = calls;
        this.images = images;
        this.puller = puller;
        this.layout = layout;
    }

    @Override
    public Uni<ListImagesResponse> listImages(ListImagesRequest request) {
        return calls.on(() -> ListImagesResponse.newBuilder()
                .addAllImages(list(request.getFilter()))
                .build());
    }

    @Override
    public Multi<StreamImagesResponse> streamImages(StreamImagesRequest request) {
        return calls.stream(out -> {
            for (Image image : list(request.getFilter())) {
                out.send(StreamImagesResponse.newBuilder().addImages(image).build());
            }
        });
    }

    private List<Image> list(ImageFilter filter) {
        String named = filter.getImage().getImage();
        if (!named.isEmpty()) {
            return find(named)
                    .map(image -> List.of(message(image, images.names(image))))
                    .orElse(List.of());
        }
        return images.list().stream()
                .map(summary -> message(summary.image(), summary.names()))
                .toList();
    }

    private Optional<dev.wherry.daemon.image.Image> find(String named) {
        try {
            return Optional.of(images.resolve(named));
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    private static Image message(dev.wherry.daemon.image.Image image, List<ImageName> names) {
        Image.Builder message = Image.newBuilder()
                .setId(image.id().toString())
                // Kubelet takes 0 for a mistake.
                .setSize(Math.max(1, image.size()));
        for (ImageName name : names) {
            Reference reference = name.reference();
            if (reference.digest().isPresent()) {
                message.addRepoDigests(
                        reference.name() + "@" + reference.digest().get());
            } else {
                message.addRepoTags(reference.toString());
                name.digest().ifPresent(digest -> message.addRepoDigests(reference.name() + "@" + digest));
            }
        }
        List<String> digests = message.getRepoDigestsList().stream().distinct().toList();
        message.clearRepoDigests().addAllRepoDigests(digests);
        user(image, message);
        return message.build();
    }

    private static void user(dev.wherry.daemon.image.Image image, Image.Builder message) {
        String user =
                Optional.ofNullable(image.config().config().user()).orElse("").split(":", 2)[0];
        if (user.matches("[0-9]{1,10}")) {
            message.setUid(Int64Value.newBuilder().setValue(Long.parseLong(user)));
        } else {
            message.setUsername(user);
        }
    }

    @Override
    public Uni<ImageStatusResponse> imageStatus(ImageStatusRequest request) {
        return calls.on(() -> {
            ImageStatusResponse.Builder response = ImageStatusResponse.newBuilder();
            find(named(request.getImage())).ifPresent(image -> {
                response.setImage(message(image, images.names(image)));
                if (request.getVerbose()) {
                    response.putAllInfo(Map.of("info", CriInfo.json(Map.of("imageSpec", image.config()))));
                }
            });
            return response.build();
        });
    }

    private static String named(ImageSpec image) {
        if (image.getImage().isEmpty()) {
            throw new InvalidInputException("no image is named").in("image");
        }
        return image.getImage();
    }

    @Override
    public Uni<PullImageResponse> pullImage(PullImageRequest request) {
        return calls.on(() -> {
            Reference reference = Reference.parse(named(request.getImage()));
            dev.wherry.daemon.image.Image image = puller.pull(
                            reference, List.of(), logins(reference, request.getAuth()), PullProgress.NONE)
                    .image();
            return PullImageResponse.newBuilder()
                    .setImageRef(image.id().toString())
                    .build();
        });
    }

    private static RegistryLogins logins(Reference reference, AuthConfig auth) {
        if (!auth.getRegistryToken().isEmpty()) {
            return new RegistryLogins(Map.of(reference.registry(), RegistryLogin.byToken(auth.getRegistryToken())));
        }
        String user = auth.getUsername();
        String password = auth.getPassword();
        if (user.isEmpty() && !auth.getAuth().isEmpty()) {
            String pair = decoded(auth.getAuthBytes());
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw new InvalidInputException("the login is not USER:PASSWORD in Base64");
            }
            user = pair.substring(0, colon);
            password = pair.substring(colon + 1).replaceAll("\0+$", "");
        }
        return user.isEmpty() && auth.getIdentityToken().isEmpty()
                ? RegistryLogins.NONE
                : new RegistryLogins(
                        Map.of(reference.registry(), new RegistryLogin(user, password, auth.getIdentityToken())));
    }

    private static String decoded(ByteString auth) {
        try {
            return new String(Base64.getDecoder().decode(auth.toByteArray()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("the login is not USER:PASSWORD in Base64");
        }
    }

    @Override
    public Uni<RemoveImageResponse> removeImage(RemoveImageRequest request) {
        return calls.on(() -> {
            find(named(request.getImage())).ifPresent(this::remove);
            return RemoveImageResponse.getDefaultInstance();
        });
    }

    /** With all its names; another call may be faster. */
    private void remove(dev.wherry.daemon.image.Image image) {
        try {
            images.remove(image.id().toString(), true);
        } catch (NotFoundException gone) {
            // As wanted.
        }
    }

    @Override
    public Uni<ImageFsInfoResponse> imageFsInfo(ImageFsInfoRequest request) {
        return calls.on(() -> {
            FileTrees.Use use = images.layerUse();
            FilesystemUsage usage = FilesystemUsage.newBuilder()
                    .setTimestamp(Rows.nanos(Instant.now()))
                    .setFsId(FilesystemIdentifier.newBuilder()
                            .setMountpoint(layout.root().toString()))
                    .setUsedBytes(UInt64Value.newBuilder().setValue(use.bytes()))
                    .setInodesUsed(UInt64Value.newBuilder().setValue(use.inodes()))
                    .build();
            return ImageFsInfoResponse.newBuilder()
                    .addImageFilesystems(usage)
                    .addContainerFilesystems(usage)
                    .build();
        });
    }
}
