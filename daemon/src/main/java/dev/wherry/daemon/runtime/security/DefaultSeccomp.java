package dev.wherry.daemon.runtime.security;

import dev.wherry.daemon.linux.X32;
import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Argument;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Seccomp;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.SystemCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The system calls that a container may make: those in the resource {@code seccomp-allowed.txt}, which has all that do
 * not reach beyond the container, more where a capability would be of no use without them, and a few with certain
 * arguments only. Any other fails with EPERM.
 */
public final class DefaultSeccomp {

    private static final String ALLOW = "SCMP_ACT_ALLOW";
    private static final String ERRNO = "SCMP_ACT_ERRNO";
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    /** Families of sockets that reach beyond the container: the kernel's cryptography, and the hypervisor. */
    private static final long AF_ALG = 38;

    private static final long AF_VSOCK = 40;
    /** Flags of clone(2) that make a new namespace of any kind. */
    private static final long NEW_NAMESPACE = 0x7E020000L;

    private static final List<String> LINES = lines();
    private static final List<SystemCalls> DEFAULT = calls(DefaultSpec.CAPABILITIES);

    private DefaultSeccomp() {}

    public static Seccomp of(List<String> capabilities) {
        boolean isDefault = capabilities.equals(DefaultSpec.CAPABILITIES);
        // The kernel is asked each time, as a class may be initialized while a native executable is built.
        return new Seccomp(ERRNO, EPERM, architectures(), isDefault ? DEFAULT : calls(capabilities));
    }

    private static List<SystemCalls> calls(List<String> capabilities) {
        List<SystemCalls> calls = new ArrayList<>(List.of(
                new SystemCalls(allowed(capabilities), ALLOW, null, null),
                // A rule can look at an argument once, so that each range between the two is a rule.
                allow("socket", argument(AF_ALG, "SCMP_CMP_LT")),
                allow("socket", argument(AF_ALG + 1, "SCMP_CMP_EQ")),
                allow("socket", argument(AF_VSOCK, "SCMP_CMP_GT")),
                personality(0),
                personality(0x0008),
                personality(0x20000),
                personality(0x20008),
                personality(0xFFFFFFFFL)));
        if (!capabilities.contains("CAP_SYS_ADMIN")) {
            calls.add(allow("clone", argument(NEW_NAMESPACE, "SCMP_CMP_MASKED_EQ")));
            // Its flags are out of a filter's reach: programs then fall back to clone.
            calls.add(new SystemCalls(List.of("clone3"), ERRNO, ENOSYS, null));
        }
        return calls;
    }

    /**
     * This machine's, its 32-bit one, and x32 where the kernel runs programs of it, which it rarely does. Each makes the
     * filter larger, which the runtime compiles anew at each start: 4 ms for the first, 5 for the second, 9 for x32. A
     * call of an architecture that is not listed kills the process.
     */
    private static List<String> architectures() {
        if (System.getProperty("os.arch").equals("aarch64")) {
            return List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
        }
        return architectures(X32.isSupported());
    }

    static List<String> architectures(boolean x32) {
        return x32
                ? List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32")
                : List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
    }

    private static SystemCalls allow(String name, Argument argument) {
        return new SystemCalls(List.of(name), ALLOW, null, List.of(argument));
    }

    /** On the first argument; that of {@code SCMP_CMP_MASKED_EQ} is a mask, of which no bit may be set. */
    private static Argument argument(long value, String operator) {
        return new Argument(0, BigInteger.valueOf(value), BigInteger.ZERO, operator);
    }

    private static SystemCalls personality(long persona) {
        return allow("personality", argument(persona, "SCMP_CMP_EQ"));
    }

    private static List<String> allowed(List<String> capabilities) {
        return LINES.stream()
                .flatMap(line -> {
                    int colon = line.indexOf(':');
                    if (colon < 0) {
                        return Stream.of(line);
                    }
                    return capabilities.contains(line.substring(0, colon))
                            ? Stream.of(line.substring(colon + 1).strip().split(" "))
                            : Stream.empty();
                })
                .distinct()
                .toList();
    }

    private static List<String> lines() {
        try (InputStream names = DefaultSeccomp.class.getResourceAsStream("seccomp-allowed.txt")) {
            return new String(names.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
