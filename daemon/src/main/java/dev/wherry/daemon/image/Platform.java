package dev.wherry.daemon.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wherry.daemon.error.InvalidInputException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * An operating system and a processor (OCI image-spec, "platform"), in the normal form of containerd's platforms:
 * {@code x86_64} is {@code amd64}, {@code arm64/v8} is {@code arm64}, {@code arm} is {@code arm/v7}.
 *
 * @param variant of the processor; null where it is the usual one
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Platform(String os, String architecture, String variant) {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    public Platform {
        os = os == null ? "" : os.toLowerCase(Locale.ROOT);
        architecture = architecture == null ? "" : architecture.toLowerCase(Locale.ROOT);
        variant = variant == null || variant.isEmpty() ? null : variant.toLowerCase(Locale.ROOT);
        switch (architecture) {
            case "x86_64", "x86-64", "amd64" -> {
                architecture = "amd64";
                variant = "v1".equals(variant) ? null : variant;
            }
            case "i386", "i686" -> architecture = "386";
            case "aarch64", "arm64" -> {
                architecture = "arm64";
                variant = "v8".equals(variant) || "8".equals(variant) ? null : variant;
            }
            case "armhf" -> {
                architecture = "arm";
                variant = "v7";
            }
            case "armel" -> {
                architecture = "arm";
                variant = "v6";
            }
            case "arm" -> variant = variant == null ? "v7" : variant.startsWith("v") ? variant : "v" + variant;
            default -> {}
        }
    }

    /**
     * @param text {@code os/arch} or {@code os/arch/variant}
     * @throws InvalidInputException when it is neither
     */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        boolean wellFormed = parts.length == 2 || parts.length == 3;
        for (String part : parts) {
            wellFormed &= WORD.matcher(part).matches();
        }
        if (!wellFormed) {
            throw new InvalidInputException(
                    "invalid platform \"" + text + "\": write it as os/arch or os/arch/variant, such as linux/arm64");
        }
        return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
    }

    /**
     * Platforms that are separated by commas, each once.
     *
     * @throws InvalidInputException when one of them is no platform
     */
    public static List<Platform> parseAll(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .map(Platform::parse)
                        .distinct()
                        .toList();
    }

    /** The one that this daemon runs on. */
    public static Platform host() {
        String architecture = System.getProperty("os.arch");
        return new Platform("linux", architecture, null);
    }

    /** Of those on offer the one that runs best here, if any does. */
    public <T> Optional<T> best(List<T> offers, Function<T, Platform> platform) {
        return runnable().stream()
                .flatMap(wanted -> offers.stream()
                        .filter(offer -> wanted.equals(platform.apply(offer)))
                        .limit(1))
                .findFirst();
    }

    /** Whether programs made for the other one run on this one. */
    public boolean runs(Platform other) {
        return runnable().contains(other);
    }

    /** What runs on this platform, best first. */
    private List<Platform> runnable() {
        List<Platform> all = new ArrayList<>();
        all.add(this);
        switch (architecture) {
            case "amd64" -> {
                below("v", 1).forEach(lower -> all.add(new Platform(os, architecture, lower)));
                all.add(new Platform(os, "386", null));
            }
            case "arm" -> below("v", 5).forEach(lower -> all.add(new Platform(os, architecture, lower)));
            case "arm64" -> {
                if (variant != null) {
                    all.add(new Platform(os, architecture, null));
                }
                IntStream.of(8, 7, 6, 5).forEach(lower -> all.add(new Platform(os, "arm", "v" + lower)));
            }
            default -> {}
        }
        return all;
    }

    private List<String> below(String prefix, int lowest) {
        if (variant == null || !variant.matches(prefix + "[0-9]{1,2}")) {
            return List.of();
        }
        int own = Integer.parseInt(variant.substring(prefix.length()));
        return IntStream.iterate(own - 1, n -> n >= lowest, n -> n - 1)
                .mapToObj(n -> prefix + n)
                .toList();
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant == null ? "" : "/" + variant);
    }
}
