package dev.wherry.daemon.api.json;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.network.ContainerPorts;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.runtime.runc.OciRuntime;

/** Inspection for tests of other packages. */
public final class ContainerJsons {

    private ContainerJsons() {}

    public static ContainerJson of(Layout layout, OciRuntime runtime, Networks networks, Containers containers) {
        return new ContainerJson(
                layout, runtime, new NetworkSettingsJson(networks, new ContainerPorts(networks), containers));
    }
}
