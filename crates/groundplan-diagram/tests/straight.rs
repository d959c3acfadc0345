//! Lines turn as seldom as they can.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use groundplan_diagram::{Scene, lay_out};
use groundplan_model::{View, ViewEdge, ViewKind, ViewNode};

/// Boxes with names of so many letters and lines between some of them.
fn view(letters: &[usize], lines: &[(usize, usize)]) -> View {
    let node = |(n, letters): (usize, &usize)| ViewNode {
        id: format!("n{n}"),
        name: "m".repeat(*letters),
        kind: String::new(),
        description: String::new(),
        role: None,
        person: false,
        external: false,
        parent: None,
        rows: Vec::new(),
    };
    let edge = |(n, (from, to)): (usize, &(usize, usize))| ViewEdge {
        id: format!("e{n}"),
        from: format!("n{from}"),
        to: format!("n{to}"),
        label: String::new(),
        technology: String::new(),
        mode: None,
        ends: None,
    };
    View {
        id: "v".into(),
        kind: ViewKind::Container,
        title: "Lines".into(),
        nodes: letters.iter().enumerate().map(node).collect(),
        edges: lines.iter().enumerate().map(edge).collect(),
        groups: Vec::new(),
        steps: Vec::new(),
        omitted: String::new(),
    }
}

fn turns(scene: &Scene) -> Vec<usize> {
    let corners = scene.edges.iter().map(|edge| edge.points.len() - 2);
    corners.collect()
}

#[test]
fn lines_to_two_sides_are_straight_or_turn_once() {
    let fan = view(&[3, 14, 14, 14, 14], &[(0, 1), (0, 2), (0, 3), (0, 4)]);
    let turns = turns(&lay_out(&fan));
    assert!(turns.iter().all(|turns| *turns <= 1), "{turns:?}");
}

#[test]
fn a_line_past_a_row_of_boxes_turns_twice() {
    // The first box leads to each of a row of others below each other, and all stand in its way.
    let ladder = view(&[8, 8, 8, 8], &[(0, 1), (1, 2), (2, 3), (0, 2), (0, 3)]);
    let turns = turns(&lay_out(&ladder));
    assert!(turns.iter().sum::<usize>() <= 4, "{turns:?}");
}

#[test]
fn a_line_at_a_side_meets_its_box() {
    let fan = view(&[3, 14, 14, 14, 14], &[(1, 0), (2, 0), (3, 0), (4, 0)]);
    let scene = lay_out(&fan);
    for edge in &scene.edges {
        for (id, point) in [
            (&edge.from, edge.points.first()),
            (&edge.to, edge.points.last()),
        ] {
            let rect = scene.boxes.iter().find(|b| b.id == *id).unwrap().rect;
            let point = point.unwrap();
            let beside = point.x == rect.x || point.x == rect.right();
            let over = point.y == rect.y || point.y == rect.bottom();
            assert!(beside || over, "{edge:?} {rect:?}");
        }
    }
}

#[test]
fn two_users_of_two_stores_stand_above_and_below_them() {
    let pairs = view(&[8, 8, 8, 8], &[(0, 2), (0, 3), (1, 2), (1, 3)]);
    let scene = lay_out(&pairs);
    let y = |n: usize| {
        scene
            .boxes
            .iter()
            .find(|b| b.id == format!("n{n}"))
            .unwrap()
            .rect
            .y
    };
    assert_eq!(y(2), y(3));
    assert!((y(0) < y(2)) != (y(1) < y(2)), "a user on each side");
}

#[test]
fn a_longer_name_changes_no_order() {
    let lines = (0..14).flat_map(|n| [(n, n + 1 + n % 2), (n, n + 3)]);
    let lines: Vec<(usize, usize)> = lines.filter(|(_, to)| *to < 14).collect();
    let order = |letters: &[usize]| {
        let scene = lay_out(&view(letters, &lines));
        let mut boxes: Vec<_> = scene
            .boxes
            .iter()
            .map(|b| (b.rect.y, b.rect.x, b.id.clone()))
            .collect();
        boxes.sort();
        boxes.into_iter().map(|(_, _, id)| id).collect::<Vec<_>>()
    };
    let usual = order(&[6; 14]);
    for n in 0..14 {
        let mut letters = [6; 14];
        letters[n] = 12;
        assert_eq!(order(&letters), usual, "box {n} with a longer name");
    }
}

#[test]
fn a_name_that_fits_into_its_box_moves_nothing() {
    let lines = [(0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (0, 4)];
    let places = |letters: &[usize]| {
        let scene = lay_out(&view(letters, &lines));
        let boxes = scene.boxes.iter().map(|b| (b.id.clone(), b.rect));
        boxes.collect::<Vec<_>>()
    };
    let usual = places(&[4; 5]);
    assert_eq!(places(&[4, 4, 9, 4, 4]), usual);
    // What does not fit needs more room.
    assert_ne!(places(&[4, 4, 14, 4, 4]), usual);
}

#[test]
fn a_longer_name_leaves_the_rows_and_most_places() {
    let lines = (0..14).flat_map(|n| [(n, n + 1 + n % 2), (n, n + 3)]);
    let lines: Vec<(usize, usize)> = lines.filter(|(_, to)| *to < 14).collect();
    let usual = lay_out(&view(&[6; 14], &lines));
    for n in 0..14 {
        let mut letters = [6; 14];
        letters[n] = 12;
        let scene = lay_out(&view(&letters, &lines));
        let pairs = || usual.boxes.iter().zip(&scene.boxes);
        assert!(pairs().all(|(a, b)| a.rect.y == b.rect.y), "box {n}");
        // All may have moved aside together.
        let mut moved: Vec<i32> = pairs()
            .map(|(a, b)| b.rect.middle() - a.rect.middle())
            .collect();
        moved.sort_unstable();
        let middle = moved[moved.len() / 2];
        let far = moved.iter().filter(|by| (*by - middle).abs() > 60).count();
        assert!(far <= 7, "box {n}: {moved:?}");
    }
}
