//! Blocks of four letters that stand in code and documents so often that a search for a word had better
//! not begin with them.

/// How many bits a hash of a block has.
pub const BITS: u32 = 16;

/// The most frequent blocks of letters and blanks, in small letters, as counted over some thousand files
/// in fifteen languages: each four characters are one.
#[rustfmt::skip]
const COMMON: [&str; 21] = [
    " and app ass aut cla com con cop dat def dis ech err exp fal fil for fro get htt imp ins",
    " let lic may nam new not org per por pos pro pub rea req res ret run sel ser set spe sta",
    " str tes the thi tru typ und use val var ver wit youabelableacheactiadatage aineait alid",
    "alsealueame amewanaganceand angeapacapplass asseasynatchate atedatesatioatoratusaultauth",
    "autoawaibasebirdbjecble blicbootbuilbutecatecaticensceptcesschancheccho cipeckerclasclie",
    "codecolucommcompcondconfconnconscontcopycouncreacripctioctivctord todatadatedefader desc",
    "distdocke lie ore theateechoecifecipeconectiectoed ted uefauelecelememenemmyenerenseent ",
    "entientrentsequeequier teraternaerroersiertierveerviescrespoess essaesuletadetbiettietur",
    "eveneworexceexpeexpof thfalsfaulfigufilefor formframfromfuncgfragithgrougurahandhe lhe s",
    "heckhis hosthttpibuticaticenientificightigurimagimpoinering ingfingsinstinteion ionsired",
    "istritemith ithuitiojectjsonkindlabelasslatelderlectlemelemmlet lic licalicelienlistload",
    "localumnmagemainmanamay mbermentmessmetamewommunmodemplempormunin thnagenamenctinderndle",
    "nectnetbnew nfigngfrningnitynnecnot nse nst nstantaintennterntexntitntrynullobjeocalocke",
    "odelokenolumommuompoonfionneons onseonstontaonteopenoperoptior aordeort ountourcouteover",
    "pachpathpdatpecipectperspertplicponsportpostpplipresprinprivpropptiopublquerquesquirr th",
    "ramerateratirderreadreatrecirentreporequresorespressresureturiburingriptrom roperouprout",
    "rrorrsiort orverrvics orsagescrised seleselfsentserisertservsingsionsourspecsponsprissag",
    "sserssiostarstatstomstorstrisultsynct ort thtabltadataintarttatitatutbirted tenttesttext",
    "thatthe thentherthisthorthubtiestimetingtiontitytivetoketoretorytribtrintruettpstureturn",
    "typeubliueryuestuilduireunctundeunitupdauraturceurn use userustouteduthovalivaluvar vent",
    "versviceviewwaitwithworkxcepxpecyou ype ",
];

/// A bit for the hash of each common block.
static IS_COMMON: [u64; 1 << (BITS - 6)] = {
    let mut bits = [0; 1 << (BITS - 6)];
    let mut line = 0;
    while line < COMMON.len() {
        let text = COMMON[line].as_bytes();
        let mut at = 0;
        while at + 4 <= text.len() {
            let block = [text[at], text[at + 1], text[at + 2], text[at + 3]];
            let slot = slot(u32::from_le_bytes(block));
            bits[slot >> 6] |= 1 << (slot & 63);
            at += 4;
        }
        line += 1;
    }
    bits
};

/// The hash of a block.
pub const fn slot(block: u32) -> usize {
    (block.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

/// A block with the bit that tells capitals from small letters set in all bytes.
pub const fn folded(block: u32) -> u32 {
    block | 0x2020_2020
}

/// How rare a byte is in English text and code, roughly.
fn rarity(b: u8) -> i32 {
    match b {
        b' ' => 4,
        b'_' => 14,
        b'0'..=b'9' => 18,
        b'a'..=b'z' => b"etaoinsrldchumpfgbyvwkxqjz"
            .iter()
            .position(|l| *l == b)
            .map_or(0, |at| at as i32),
        _ => 16,
    }
}

/// Where the `length` bytes of a word begin that are rarest in code: the first of those with the fewest
/// common blocks in them. `None` of what is shorter.
pub fn rarest(word: &[u8], length: usize) -> Option<usize> {
    let is_common = |block: &[u8]| {
        let Ok(block) = <[u8; 4]>::try_from(block) else {
            return false;
        };
        let slot = slot(folded(u32::from_le_bytes(block)));
        IS_COMMON[slot >> 6] >> (slot & 63) & 1 == 1
    };
    let score = |window: &[u8]| {
        let common = window.windows(4).filter(|block| is_common(block)).count() as i32;
        window.iter().map(|b| rarity(*b)).sum::<i32>() - 100 * common
    };
    let windows = word.windows(length).enumerate();
    windows
        .max_by_key(|(at, window)| (score(window), std::cmp::Reverse(*at)))
        .map(|(at, _)| at)
}

/// A bit for each hash of a block.
pub type Bits = [u64; 1 << (BITS - 6)];

/// The hash of a block, the same for capitals and small letters.
pub const fn slot_folded(block: u32) -> usize {
    slot(folded(block))
}

/// The four bytes at a place.
pub fn block(text: &[u8], at: usize) -> Option<[u8; 4]> {
    text.get(at..at + 4)?.try_into().ok()
}

/// The next place at an even distance from `place` with a block whose hash has a bit, in any case of
/// letters, and that hash.
pub fn next_even(bits: &Bits, text: &[u8], mut place: usize) -> Option<(usize, usize)> {
    let is_known = |slot: usize| bits[slot >> 6] >> (slot & 63) & 1 == 1;
    // Three blocks for each time that bytes are fetched.
    while let Some(Ok(bytes)) = text.get(place..place + 8).map(<[u8; 8]>::try_from) {
        let word = u64::from_le_bytes(bytes);
        let slots = [word, word >> 16, word >> 32].map(|block| slot_folded(block as u32));
        if slots.into_iter().any(is_known) {
            let at = slots.into_iter().position(is_known)?;
            return Some((place + 2 * at, slots[at]));
        }
        place += 6;
    }
    while let Some(block) = block(text, place) {
        let slot = slot_folded(u32::from_le_bytes(block));
        if is_known(slot) {
            return Some((place, slot));
        }
        place += 2;
    }
    None
}
