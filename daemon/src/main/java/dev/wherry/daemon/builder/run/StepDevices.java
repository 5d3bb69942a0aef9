package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.dockerfile.instruction.RunDevice;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.CdiDevices;
import dev.wherry.daemon.runtime.spec.CdiEdits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The devices of the host that one RUN gets: what it asks for, as far as the host or the client allows it. */
final class StepDevices {

    private StepDevices() {}

    /** @throws InvalidInputException when a required device is not there, or one is not allowed */
    static CdiEdits of(Sandbox sandbox, CdiDevices devices) {
        Set<String> found = new LinkedHashSet<>();
        for (RunDevice asked : sandbox.devices()) {
            List<String> names = devices.find(asked.name());
            if (names.isEmpty() && asked.required()) {
                throw new InvalidInputException("the device \"" + asked.name()
                        + "\" is not on the daemon's host: no file in /etc/cdi or /var/run/cdi describes it");
            }
            found.addAll(names);
        }
        Set<String> granted = new LinkedHashSet<>();
        for (String allowed : sandbox.allowed()) {
            if (allowed.startsWith(RunOptions.DEVICE + "=")) {
                granted.addAll(devices.find(allowed.substring(RunOptions.DEVICE.length() + 1)));
            }
        }
        boolean all = sandbox.allowed().contains(RunOptions.DEVICE);
        List<String> forbidden = found.stream()
                .filter(device -> !all && !granted.contains(device) && !devices.isAllowed(device))
                .toList();
        if (!forbidden.isEmpty()) {
            throw new InvalidInputException(
                    "the device " + String.join(", ", forbidden) + " is not allowed: give the build the entitlement "
                            + RunOptions.DEVICE + "=" + forbidden.getFirst());
        }
        return devices.edits(List.copyOf(found));
    }
}
