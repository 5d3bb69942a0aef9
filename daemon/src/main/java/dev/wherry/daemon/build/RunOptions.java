package dev.wherry.daemon.build;

/**
 * What the processes of RUN get besides what their instruction says.
 *
 * @param hostNetwork whether they see the host's network or none
 */
public record RunOptions(boolean hostNetwork) {
    public static final RunOptions DEFAULT = new RunOptions(true);
}
