DROP TABLE stock_reservations;
DROP TABLE stock_levels;
