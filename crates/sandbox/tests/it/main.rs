//! The sandbox over real HTTP. Every answer and update is held against the Bot API schema.

mod support;

mod talk;
