package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.image.AttestationDraft;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The result of a build for one platform.
 *
 * @param top its file system, asked for when an output wants it
 * @param draft the image, drawn up when an output wants it
 * @param attestation what is said of the image; empty for nothing
 */
public record PlatformResult(
        Platform platform,
        Supplier<Optional<SnapshotId>> top,
        Supplier<ImageDraft> draft,
        Supplier<Optional<AttestationDraft>> attestation) {}
