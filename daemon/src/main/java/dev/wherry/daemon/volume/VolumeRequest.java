package dev.wherry.daemon.volume;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.metadata.Identifiers;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A volume as a user asks for it.
 *
 * @param name empty for one that is made up: the volume is anonymous
 * @param driver empty for "local", or for that of the volume of this name
 * @param options of the driver
 */
public record VolumeRequest(String name, String driver, Map<String, String> options, Map<String, String> labels) {

    static final String LOCAL = "local";

    private static final int LONGEST = 255;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

    public VolumeRequest {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    public static VolumeRequest named(String name) {
        return new VolumeRequest(name, "", Map.of(), Map.of());
    }

    /**
     * The same request with a name and a driver.
     *
     * @throws InvalidInputException when the name is malformed, the driver unknown, or an option wrong
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not use such a volume
     */
    VolumeRequest complete() {
        if (!driver.isEmpty() && !driver.equals(LOCAL)) {
            throw new InvalidInputException("error looking up volume plugin " + driver + ": plugin \"" + driver
                            + "\" not found: the one volume driver is \"local\"")
                    .in("driver");
        }
        RequestField.check("options", () -> MountedDevice.check(options));
        DeviceAccess.check(options);
        if (name.isEmpty()) {
            Map<String, String> marked = new HashMap<>(labels);
            marked.put(Volume.ANONYMOUS, "");
            return new VolumeRequest(Identifiers.make(), LOCAL, options, marked);
        }
        RequestField.check("name", () -> checkName(name));
        return new VolumeRequest(name, LOCAL, options, labels);
    }

    /** Whether a name has the characters of docker's names of volumes; it may still be too long. */
    static boolean isWellFormed(String name) {
        return NAME.matcher(name).matches();
    }

    /** @throws InvalidInputException when no volume can be called so */
    public static void checkName(String name) {
        if (name.length() == 1) {
            throw new InvalidInputException("create " + name
                    + ": volume name is too short, names should be at least two alphanumeric characters");
        }
        if (!isWellFormed(name)) {
            throw new InvalidInputException("create " + name + ": \"" + name
                    + "\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are"
                    + " allowed. If you intended to pass a host directory, use absolute path");
        }
        if (name.length() > LONGEST) {
            throw new InvalidInputException(
                    "create " + name.substring(0, 32) + "...: a volume name has at most " + LONGEST + " characters");
        }
    }
}
