package dev.wherry.daemon.pod;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.runtime.cgroup.Resources;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Limits of a whole pod. Whoever made the parent of its control groups, such as a kubelet, sets them there, before or after
 * the daemon gets to know them: here they are kept and shown.
 *
 * @param resources of all its containers
 * @param overhead what the pod itself takes besides
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record SandboxLimits(Resources resources, Resources overhead) {

    static final SandboxLimits NONE = new SandboxLimits(Resources.DEFAULT, Resources.DEFAULT);
}
