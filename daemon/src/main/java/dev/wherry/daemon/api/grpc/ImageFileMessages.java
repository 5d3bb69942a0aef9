package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.image.files.ConfigChange;
import dev.wherry.daemon.image.files.ImageFiles;
import dev.wherry.daemon.image.files.LayeredImage;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.snapshot.layer.StackedFile;
import dev.wherry.daemon.snapshot.stack.StackChange;
import dev.wherry.v1.CompareImagesResponse;
import dev.wherry.v1.ConfigDifference;
import dev.wherry.v1.FileDifference;
import dev.wherry.v1.ImageFile;
import dev.wherry.v1.ImageLayer;
import dev.wherry.v1.ImageLayers;
import java.io.IOException;

/** Files of images as the API has them. */
final class ImageFileMessages {

    private ImageFileMessages() {}

    static ImageLayers layers(LayeredImage image) {
        ImageLayers.Builder layers =
                ImageLayers.newBuilder().setImageId(image.image().id().toString());
        image.layers()
                .forEach(layer -> layers.addLayers(ImageLayer.newBuilder()
                        .setNumber(layer.number())
                        .setDiffId(layer.diffId().toString())
                        .setInstruction(layer.instruction())));
        return layers.build();
    }

    static ImageFile file(StackedFile file) {
        FileStatus status = file.status();
        ImageFile.Builder message = ImageFile.newBuilder()
                .setPath(file.absolute().toString())
                .setMode(status.mode())
                .setUid(status.uid())
                .setGid(status.gid())
                .setSizeBytes(status.isRegular() ? status.size() : 0)
                .setModifiedNanos(status.modified() * 1_000_000_000L + status.modifiedNanos())
                .setLayer(file.layer());
        if (status.isSymlink()) {
            message.setLinkTarget(target(file));
        }
        if (status.type() == FileStatus.CHARACTER || status.type() == FileStatus.BLOCK) {
            message.setDeviceMajor(status.major()).setDeviceMinor(status.minor());
        }
        return message.build();
    }

    private static String target(StackedFile link) {
        try {
            return PathBytes.path(Inodes.readlink(link.file())).toString();
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read the link " + link.absolute(), failure);
        }
    }

    static CompareImagesResponse sides(ImageFiles.Sides sides) {
        CompareImagesResponse.Builder response = CompareImagesResponse.newBuilder()
                .setBefore(layers(sides.before()))
                .setAfter(layers(sides.after()))
                .setBeforeName(sides.before().name())
                .setAfterName(sides.after().name())
                .setSharedLayers(sides.sharedLayers());
        for (ConfigChange change : sides.config()) {
            ConfigDifference.Builder config =
                    ConfigDifference.newBuilder().setField(change.field()).setKey(change.key());
            change.before().ifPresent(config::setBefore);
            change.after().ifPresent(config::setAfter);
            response.addConfig(config);
        }
        return response.build();
    }

    static FileDifference change(StackChange change) {
        FileDifference.Builder message = FileDifference.newBuilder().setLayer(change.layer());
        change.before().ifPresent(file -> message.setBefore(file(file)));
        change.after().ifPresent(file -> message.setAfter(file(file)));
        for (StackChange.Aspect aspect : change.aspects()) {
            message.addAspects(
                    switch (aspect) {
                        case TYPE -> FileDifference.Aspect.ASPECT_TYPE;
                        case CONTENT -> FileDifference.Aspect.ASPECT_CONTENT;
                        case TARGET -> FileDifference.Aspect.ASPECT_TARGET;
                        case DEVICE -> FileDifference.Aspect.ASPECT_DEVICE;
                        case MODE -> FileDifference.Aspect.ASPECT_MODE;
                        case OWNER -> FileDifference.Aspect.ASPECT_OWNER;
                        case ATTRIBUTES -> FileDifference.Aspect.ASPECT_ATTRIBUTES;
                    });
        }
        return message.build();
    }
}
