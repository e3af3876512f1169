//! Made-up secrets of every kind that the masker knows, and private words. Put together at run time, so that the
//! tree holds none of them.

/// What is written somewhere, and the part of it that may stand in no sink.
pub struct Planted {
    pub text: String,
    pub needle: String,
}

/// What a secret looks like from some length on, the same in each run; `seed` tells one from the other.
pub fn noise(seed: usize, length: usize) -> String {
    const LETTERS: &[u8] = b"q7Zw3Kx9Rm5Tb8Vc2Hn6Jd4Lf1Sg0Yp";
    (0..length).map(|at| char::from(LETTERS[(at * (seed + 3) + seed) % LETTERS.len()])).collect()
}

/// The bot's token, formed like a real one.
pub fn bot_token() -> String {
    format!("{}:AA{}", 7_100_200_300_i64, noise(1, 33))
}

/// A sentence that people write, in every place where people can write.
pub const CANARY: &str = "the purple walrus hums at dusk";

/// Where a look for [`CANARY`] begins and where a part of it would show.
pub const CANARY_WORDS: [&str; 3] = ["purple walrus", "walrus hums", "hums at dusk"];

/// One of every kind.
pub fn all() -> Vec<Planted> {
    let mut all = Vec::new();
    let mut plant = |before: &str, secret: String, after: &str| {
        all.push(Planted { text: format!("{before}{secret}{after}"), needle: secret });
    };
    let prefixes = [
        "sk-",
        "sk-proj-",
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "AIza",
        "ya29.",
        "GOCSPX-",
        "1//0",
        "xoxb-",
        "xapp-",
        "sk_live_",
        "rk_live_",
        "whsec_",
        "LTAI",
        "STS.",
        "npm_",
    ];
    for (seed, prefix) in prefixes.into_iter().enumerate() {
        plant("", format!("{prefix}{}", noise(seed + 20, 38)), "");
    }
    plant("", format!("AKIA{}", noise(40, 16).to_uppercase()), "");
    plant("", format!("SG.{}.{}", noise(41, 22), noise(42, 43)), "");
    plant("", format!("{}:TEST:{}", 284_685_063, noise(43, 16)), "");
    plant("https://hooks.slack.com/services/", format!("T0{}/B0/{}", noise(44, 8), noise(45, 20)), "");
    plant("", format!("eyJ{}.eyJ{}.{}", noise(46, 20), noise(47, 30), noise(48, 40)), "");
    plant("Authorization: Bearer ", noise(49, 24), "");
    plant("Basic ", noise(50, 24), "");
    plant("postgres://desk:", noise(51, 14), "@db.example.org/desk");
    plant("password=", noise(52, 14), "");
    plant("client_secret: ", noise(53, 18), "");
    plant("", ["4111", "1111", "1111", "1111"].join(" "), "");
    plant("", format!("{}:AA{}", 6_900_100_200_i64, noise(54, 33)), "");
    let (begin, end) =
        (["-----BEGIN", "PRIVATE KEY-----"].join(" "), ["-----END", "PRIVATE KEY-----"].join(" "));
    let body = noise(55, 60);
    all.push(Planted { text: format!("{begin}\n{body}\n{end}"), needle: body });
    all
}

/// All of them in one text, each on a line.
pub fn in_a_row() -> String {
    all().into_iter().map(|planted| planted.text).collect::<Vec<_>>().join("\n")
}
