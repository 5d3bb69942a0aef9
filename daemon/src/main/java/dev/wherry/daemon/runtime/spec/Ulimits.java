package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Resource limits of processes (setrlimit(2)). */
public final class Ulimits {

    private static final BigInteger UNLIMITED = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private Ulimits() {}

    /** @throws InvalidInputException when a limit is not known or the wrong way round */
    public static void check(List<Limit> limits) {
        for (Limit limit : limits) {
            if (!Limit.NAMES.contains(limit.name())) {
                throw new InvalidInputException("resource limit " + limit.name()
                        + ": there is no limit of that name: use "
                        + String.join(", ", Limit.NAMES.stream().sorted().toList()));
            }
            if (limit.hard() >= 0 && (limit.soft() < 0 || limit.soft() > limit.hard())) {
                throw new InvalidInputException("resource limit " + limit.name() + ": the soft limit "
                        + (limit.soft() < 0 ? "unlimited" : limit.soft()) + " is above the hard limit " + limit.hard());
            }
        }
    }

    /** Null when there are none, since empty limits are left out of the spec. */
    public static List<RuntimeSpec.Rlimit> spec(List<Limit> ofStep, List<Limit> ofContainer) {
        List<RuntimeSpec.Rlimit> limits = Stream.concat(ofStep.stream(), ofContainer.stream())
                .map(limit -> new RuntimeSpec.Rlimit(
                        "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT), number(limit.hard()), number(limit.soft())))
                .toList();
        return limits.isEmpty() ? null : limits;
    }

    private static BigInteger number(long limit) {
        return limit < 0 ? UNLIMITED : BigInteger.valueOf(limit);
    }
}
