package dev.wherry.daemon.container;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Names of containers: what one may look like, and generated ones of an adjective and a seafarer or shipwright. */
public final class ContainerNames {

    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,127}");

    private static final String[] ADJECTIVES =
            ("able afloat agile amber ample apt azure balmy bold brave breezy bright brisk calm candid careful cheerful"
                            + " clear clever coastal cosy curious daring deft eager early easy elegant even fair faithful"
                            + " fearless fine fleet fond frank fresh gallant gentle glad golden graceful grand happy hardy"
                            + " hearty honest humble jolly keen kind lively loyal lucid lucky mellow merry mild modest neat"
                            + " nimble noble patient placid plucky polite prompt proud quick quiet radiant rapid ready robust"
                            + " seaworthy serene sharp silent silver simple sleek smooth snug sound spry stable steady stout"
                            + " sturdy sunny sure swift tidal tidy tranquil trusty upbeat valiant vivid warm watchful wise"
                            + " witty zesty")
                    .split(" ");

    private static final String[] SURNAMES =
            ("amundsen baffin banks baret barents beaufort bering bligh bougainville bowditch brunel byron cabot cabral"
                            + " cartier champlain colomb cook cousteau dampier davis diaz drake earhart elcano erikson"
                            + " fitzroy flinders franklin frobisher gama grenville griffiths hawkins henson herreshoff hudson"
                            + " humboldt ibnmajid jansz johnson joyon kidd knoxjohnston laperouse lind macarthur mackenzie"
                            + " magellan maury mckay mercator moitessier nansen nelson niebuhr noonuccal orellana parry peary"
                            + " polo ptolemy pytheas raleigh rose ross scott shackleton sharp slocum stephens sverdrup tabarly"
                            + " tasman tharp torres tupaia vancouver verrazzano vespucci wallis weddell wilkes worsley zhenghe"
                            + " zheng")
                    .split(" ");

    private ContainerNames() {}

    /** @throws InvalidInputException when the name cannot be a container's */
    public static String check(String name) {
        if (!VALID.matcher(name).matches()) {
            throw new InvalidInputException("container name \"" + name
                            + "\" is not allowed: use 2 to 128 letters, digits, \"_\", \".\" and \"-\", beginning with a"
                            + " letter or digit")
                    .in("name");
        }
        return name;
    }

    /** @param attempt how many names were taken before; later ones get a number at their end */
    public static String generate(int attempt) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String name = ADJECTIVES[random.nextInt(ADJECTIVES.length)] + "_" + SURNAMES[random.nextInt(SURNAMES.length)];
        return attempt < 3 ? name : name + random.nextInt(1 << Math.min(attempt * 3, 30));
    }
}
