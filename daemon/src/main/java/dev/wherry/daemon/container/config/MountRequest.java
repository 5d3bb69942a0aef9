package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A mount of a container, as requested; of a container that exists, volumes have their names and images their IDs.
 *
 * @param source of a bind mount, an absolute path on the host; of a volume its name, empty for one that is made for this;
 *     of an image its name or ID
 * @param propagation such as "rprivate"
 * @param createSource whether a missing source is made, as a folder or a volume: docker's flag {@code --volume}, as
 *     opposed to {@code --mount}
 * @param nonRecursive without the mounts below the source
 * @param readOnlyBelow with {@code readOnly}, whether mounts below the source are read-only too
 * @param tmpfsBytes 0 for no limit
 * @param tmpfsMode 0 for 01777
 * @param tmpfsOptions as mount(8) knows them
 * @param within the folder of the host that the source of a bind mount must not lead out of ({@link HostFolder}); empty
 *     for none
 * @param mapped whether what belongs to root on the host belongs to the root of the container's user namespace, and so on
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record MountRequest(
        Type type,
        String source,
        String target,
        boolean readOnly,
        String propagation,
        boolean createSource,
        boolean nonRecursive,
        long tmpfsBytes,
        int tmpfsMode,
        List<String> tmpfsOptions,
        ReadOnlyBelow readOnlyBelow,
        VolumeOptions volume,
        String within,
        boolean mapped) {

    public MountRequest {
        within = Objects.requireNonNullElse(within, "");
        tmpfsOptions = List.copyOf(tmpfsOptions);
        readOnlyBelow = Objects.requireNonNullElse(readOnlyBelow, ReadOnlyBelow.IF_POSSIBLE);
        volume = Objects.requireNonNullElse(volume, VolumeOptions.NONE);
    }

    /** A bind mount or tmpfs. */
    public MountRequest(
            Type type,
            String source,
            String target,
            boolean readOnly,
            String propagation,
            boolean createSource,
            boolean nonRecursive,
            long tmpfsBytes,
            int tmpfsMode,
            List<String> tmpfsOptions) {
        this(
                type,
                source,
                target,
                readOnly,
                propagation,
                createSource,
                nonRecursive,
                tmpfsBytes,
                tmpfsMode,
                tmpfsOptions,
                null,
                null,
                null,
                false);
    }

    /** A volume. */
    public static MountRequest volume(String name, String target, boolean createSource, VolumeOptions options) {
        return new MountRequest(
                Type.VOLUME, name, target, false, "", createSource, false, 0, 0, List.of(), null, options, null, false);
    }

    /** Whether a volume is made for this place alone, as where an image wants one: {@code -v /data}. */
    public boolean isAnonymous() {
        return type == Type.VOLUME && source.isEmpty() && createSource;
    }

    /** The same mount of another source. */
    public MountRequest of(String next) {
        return with(next, readOnly, readOnlyBelow, volume, within);
    }

    /** The same mount, of which another part is read-only with it. */
    public MountRequest with(ReadOnlyBelow next) {
        return with(source, readOnly, next, volume, within);
    }

    /** The same bind mount of a source that must not lead out of a folder of the host. */
    public MountRequest within(Path folder) {
        return with(source, readOnly, readOnlyBelow, volume, folder.toString());
    }

    /** Whether the source must not lead out of a folder of the host. */
    boolean isConfined() {
        return !within.isEmpty();
    }

    /** The same mount in another container, whose image is not copied into a volume. */
    public MountRequest sharedWith(boolean nextReadOnly) {
        VolumeOptions next =
                new VolumeOptions(volume.driver(), volume.options(), volume.labels(), true, volume.subpath());
        return with(source, nextReadOnly, readOnlyBelow, next, within);
    }

    private MountRequest with(
            String nextSource,
            boolean nextReadOnly,
            ReadOnlyBelow nextBelow,
            VolumeOptions nextVolume,
            String nextWithin) {
        return new MountRequest(
                type,
                nextSource,
                target,
                nextReadOnly,
                propagation,
                createSource,
                nonRecursive,
                tmpfsBytes,
                tmpfsMode,
                tmpfsOptions,
                nextBelow,
                nextVolume,
                nextWithin,
                mapped);
    }

    /** The place in the container. */
    public Path place() {
        return Path.of("/").resolve(target).normalize();
    }

    /** What the option of the flag {@code --tmpfs} and the like mean to the kernel. */
    public ExtraMount mount() {
        return type == Type.TMPFS ? memory() : mount(Path.of(source));
    }

    /** As above, where the files are elsewhere on the host, as those of a volume or image are. */
    public ExtraMount mount(Path files) {
        return new ExtraMount.HostPath(
                files,
                target,
                readOnly,
                !nonRecursive,
                propagation.isEmpty() ? "rprivate" : propagation,
                readOnlyBelow != ReadOnlyBelow.NO);
    }

    /** Docker's way: memory holds no programs, devices or set-user-ID files unless an option says so. */
    private ExtraMount memory() {
        List<String> options = new ArrayList<>(List.of("noexec", "nosuid", "nodev"));
        tmpfsOptions.forEach(option -> {
            options.remove(option.startsWith("no") ? option.substring(2) : "no" + option);
            options.remove(option);
            options.add(option);
        });
        if (tmpfsBytes > 0) {
            options.add("size=" + tmpfsBytes);
        }
        if (tmpfsMode > 0) {
            options.add("mode=" + Integer.toOctalString(tmpfsMode));
        }
        if (readOnly) {
            options.add("ro");
        }
        return new ExtraMount.Memory(target, options);
    }

    /** The kinds of mounts. */
    @RegisterForReflection
    public enum Type {
        BIND,
        TMPFS,
        VOLUME,
        IMAGE
    }

    /** Whether a read-only mount makes the mounts below its source read-only. */
    @RegisterForReflection
    public enum ReadOnlyBelow {
        IF_POSSIBLE,
        NO,
        ALWAYS
    }

    /**
     * What is asked for of a volume, or of an image.
     *
     * @param driver empty for that of the container
     * @param options of the driver, for a volume that is made
     * @param labels of a volume that is made
     * @param noCopy whether an empty volume stays as it is, and does not get what the container's image has in its place
     * @param subpath relative path in the volume or image that is mounted; empty for all of it
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record VolumeOptions(
            String driver, Map<String, String> options, Map<String, String> labels, boolean noCopy, String subpath) {

        public static final VolumeOptions NONE = new VolumeOptions("", Map.of(), Map.of(), false, "");

        public VolumeOptions {
            options = Map.copyOf(options);
            labels = Map.copyOf(labels);
        }
    }
}
